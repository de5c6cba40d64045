import { describe, expect, test } from "vitest";
import { faultsOf } from "../../../mesh/istioFaults.ts";
import { isAtEndOfLife, istioLines, lineOf, linesFor, supports } from "../../../mesh/istioLines.ts";
import { versionFindings } from "../../../preflight/checks/version.ts";

const find = (istio: string, kubernetes: string, allowUnsupported = false, day = "2026-03-01") =>
  versionFindings("a", { istio, kubernetes, allowUnsupported }, day);

describe("Istio's support of Kubernetes", () => {
  test.each([
    ["1.29.1", "v1.32.2", "supported"],
    ["1.29.1", "v1.31.0", "supported"],
    ["1.29.1", "v1.35.9-gke.100", "supported"],
    ["1.29.1", "v1.30.14", "unsupported"],
    ["1.29.1", "v1.36.0", "unsupported"],
    ["1.24.0", "v1.32.3", "unsupported"],
    ["1.99.0", "v1.32.3", "istioNotListed"],
    ["1.2.0", "v1.32.3", "istioNotListed"],
    ["latest", "v1.32.3", "istioNotListed"],
  ])("%s on %s: %s", (istio, kubernetes, id) => {
    expect(find(istio, kubernetes)[0]?.id).toBe(id);
  });

  test("if missing, names both versions, the supported range and suitable releases", () => {
    expect(find("1.24.0", "v1.32.3", false, "2025-01-01")).toEqual([
      {
        id: "unsupported",
        severity: "error",
        cluster: "a",
        istio: "1.24.0",
        kubernetes: "v1.32.3",
        supported: "1.28 - 1.31",
        lines: ["1.31", "1.30", "1.29", "1.28", "1.27", "1.26", "1.25"],
      },
    ]);
    expect(find("1.24.0", "v1.32.3", true, "2025-01-01")).toMatchObject([{ id: "unsupported", severity: "warning" }]);
  });

  test("ends on a day, or after a month that is only expected", () => {
    const ids = (istio: string, day: string) => find(istio, "v1.32.2", false, day).map(({ id }) => id);
    expect(ids("1.28.2", "2026-07-01")).toEqual(["supported"]);
    expect(ids("1.28.2", "2026-07-02")).toEqual(["supported", "istioAtEndOfLife"]);
    expect(ids("1.30.4", "2026-11-30")).toEqual(["supported"]);
    expect(ids("1.30.4", "2026-12-01")).toEqual(["supported", "istioAtEndOfLife"]);
    expect(find("1.30.4", "v1.32.2", false, "2026-12-01")[1]).toMatchObject({ date: "2026-11", lines: ["1.31"] });
  });
});

describe("known faults of a release", () => {
  const known = (version: string, clusters = 2) => faultsOf(version, clusters)?.faults.map(({ issue }) => issue);
  test.each<[string, number[] | undefined, string?]>([
    ["1.29.1", [59875, 60520, 61049], "1.29.7"],
    ["v1.29.3-distroless", [60520, 61049], "1.29.7"],
    ["1.29.7", undefined],
    ["1.30.2", [60612, 60920, 61043, 61049], "1.30.4"],
    ["1.30.3", [60920, 61043, 61049], "1.30.4"],
    ["1.30.4", undefined],
    ["1.31.0", undefined],
    ["latest", undefined],
    ["1.30", undefined],
  ])("%s: %j", (version, issues, fixedRelease) => {
    expect(known(version)).toEqual(issues);
    expect(faultsOf(version, 2)?.fixedRelease).toBe(fixedRelease);
  });

  test("exclude those between clusters for a single cluster", () => {
    expect(known("1.30.2", 1)).toEqual([61049]);
  });
});

test("the support matrix is sorted, without duplicates or inverted ranges", () => {
  const minors = istioLines.map(({ istio }) => Number(istio.split(".")[1]));
  expect(minors).toEqual(minors.toSorted((a, b) => b - a));
  expect(new Set(minors).size).toBe(minors.length);
  for (const line of istioLines) {
    const [first, last] = line.kubernetes;
    expect(first).toBeLessThan(last);
    expect(line.endOfLife).toMatch(/^\d{4}-\d\d(-\d\d)?$/);
    expect(supports(line, `v1.${first}.0`) && supports(line, `v1.${last}.99`)).toBe(true);
    expect(supports(line, `v1.${first - 1}.0`) || supports(line, `v1.${last + 1}.0`)).toBe(false);
    expect(isAtEndOfLife(line, "2020-01-01")).toBe(false);
  }
  expect(linesFor("v1.20.0")).toEqual([]);
  expect([lineOf("v1.29.1-distroless"), lineOf("1.30-alpha.abc"), lineOf("latest")]).toEqual([
    "1.29",
    "1.30",
    undefined,
  ]);
});
