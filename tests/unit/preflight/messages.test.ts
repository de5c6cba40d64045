import { describe, expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { adviceOf, asLines, asTable } from "../../../i18n/preflightReport.ts";
import type { PreflightFinding } from "../../../mesh/preflightFindings.ts";
import { sample, samples } from "./samples.ts";

const { en, ko } = catalogue;
const whole = (finding: PreflightFinding, messages: typeof en) =>
  Object.values(adviceOf(finding, messages)).join(" | ");
const markedIn = (text: string) => [...new Set(text.match(/«\w+»|\d\d+/g))].sort();

/** Findings with other facts, if their text depends on them. */
const variants: PreflightFinding[] = [
  sample("reached", { command: undefined }),
  sample("notLetIn", { command: undefined }),
  sample("unsupported", { lines: [] }),
  sample("unsupported", { severity: "warning" }),
  sample("istioAtEndOfLife", { lines: [] }),
  sample("allowed", { rights: "all" }),
  sample("noNode", { notReady: [] }),
  sample("noNode", { cordoned: [] }),
  sample("noRoom", { grows: true }),
  sample("loadBalancer", { address: "hostname" }),
  sample("loadBalancer", { address: "ip" }),
  sample("namespaceEnds", { said: "" }),
  sample("gatewayApi", { ours: false }),
  sample("gatewayApiComes", { release: undefined, from: undefined }),
  sample("gatewayApiKindsIgnored", { ours: false }),
  sample("gatewayApiDiffers", { is: "older" }),
  sample("gatewayApiDiffers", { is: "mixed" }),
  sample("clockDiffers", { peer: undefined }),
  sample("clockDiffers", { peer: undefined, is: "ahead" }),
  sample("clockDiffers", { severity: "warning" }),
];

describe.each([...samples, ...variants].map((finding) => [finding.id, finding] as const))("%s", (id, finding) => {
  test("has a text in both languages, with the same values", () => {
    const [english, korean] = [whole(finding, en), whole(finding, ko)];
    expect(english).not.toMatch(/[가-힣]|undefined|\[object/);
    expect(korean).toMatch(/[가-힣]/);
    expect(korean).not.toMatch(/undefined|\[object/);
    expect(markedIn(korean)).toEqual(markedIn(english));
  });

  test("has a meaning and advice, except with severity ok", () => {
    for (const messages of [en, ko]) {
      const { found, means, do: advice } = adviceOf(finding, messages);
      expect(found).not.toBe("");
      expect([means !== "", advice !== ""]).toEqual([finding.severity !== "ok", finding.severity !== "ok"]);
    }
  });

  test("includes all of its facts", () => {
    if (variants.includes(finding)) return;
    const marks = JSON.stringify({ ...finding, cluster: "" }).match(/«\w+»/g) ?? [];
    expect(markedIn(whole(finding, en)), id).toEqual(expect.arrayContaining(marks));
  });
});

test("prints all findings as one table, the worst last, with the peer beside the cluster", () => {
  const text = asTable([sample("clockDiffers", { cluster: "a", peer: "b" }), sample("metrics", { cluster: "a" })], en);
  const [heading, first, second] = text.split("\n");
  expect(heading).toMatch(/^ +CLUSTER +FOUND +MEANS +DO$/);
  expect(first).toMatch(/^ok +a +metrics are served$/);
  expect(second).toMatch(/^error +a, b +its clock is 130 s behind b,/);
});

test("prints equal warnings of several clusters in one line", () => {
  expect(asLines([sample("noMetrics", { cluster: "a" }), sample("noMetrics", { cluster: "b" })], en)).toEqual([
    "a, b: no metrics API; set metricsServer.source",
  ]);
});
