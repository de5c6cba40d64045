import { expect, test } from "vitest";
import { tagFor } from "../../../config/istioOfClusters.ts";
import { parseConfig } from "../../../config/parse.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const chart = (version: string) => `apiVersion: v2\nname: x\nversion: ${version}\n`;
const root = folder({
  kubeconfig: kubeconfig(["one", "two"]),
  ...Object.fromEntries(
    ["base", "istiod"].flatMap((name) => [
      [`charts/1.31.0/${name}/Chart.yaml`, chart("1.31.0")],
      [`charts/${name}/Chart.yaml`, chart("1.30.4")],
      [`charts/${name}-1.31.4.tgz`, ""],
    ]),
  ),
});
const [one, two] = ["one", "two"].map((name) => ({ name, kubeconfig: "kubeconfig", context: name }));
const of = (istio: object | undefined, more: object = {}) =>
  parseConfig(
    { clusters: [{ ...one, istio }, two], istio: { version: "1.30.4", charts: "charts", ...more } },
    root,
  ).clusters.map(({ istio }) => istio);
const problems = (...args: Parameters<typeof of>) => {
  try {
    of(...args);
  } catch (error) {
    return (error as Error).message.split("\n  - ").slice(1);
  }
  throw new Error("the config was taken");
};

const as = (version: string, folder: string, base = version, baseFolder = folder) => ({
  ...{ version, tag: version, chart: { chart: `${folder}/istiod` } },
  base: { version: base, chart: { chart: `${baseFolder}/base` } },
});
const same = as("1.30.4", "charts");
const next = { version: "1.31.0", tag: "1.31.0", chart: { chart: "charts/1.31.0/istiod" } };

test.each([
  ["the mesh's version", undefined, same],
  [
    "a second istiod, and already the CRDs of its version",
    { next: { version: "1.31.0" } },
    { ...as("1.30.4", "charts", "1.31.0", "charts/1.31.0"), next: { ...next, serves: "nothing" } },
  ],
  [
    "two istiods of the new version",
    { version: "1.31.0", next: { version: "1.31.0", serves: "gateways" } },
    { ...as("1.31.0", "charts/1.31.0"), next: { ...next, serves: "gateways" } },
  ],
  ["another version", { version: "1.31.0" }, as("1.31.0", "charts/1.31.0")],
])("a cluster has %s", (_, istio, expected) => {
  expect(of(istio)).toEqual([expected, same]);
});

test("finds packed charts of another version beside unpacked ones, also once it is the mesh's version", () => {
  const packed = { chart: "charts/istiod-1.31.4.tgz" };
  expect(of({ version: "1.31.4" })[0]?.chart).toEqual(packed);
  expect(of(undefined, { version: "1.31.4" })[0]?.chart).toEqual(packed);
});

test("rejects missing charts, and names the field in the cluster's entry", () => {
  const refusal = (name: string) =>
    `"charts" contains neither 1.31.9/${name}/Chart.yaml nor ${name}-1.31.9.tgz; give a folder with Istio's charts, an https:// repository or an oci:// registry`;
  expect(problems({ next: { version: "1.31.9" } })).toEqual(
    ["istiod", "base"].map((name) => `clusters[0].istio.next.version: ${refusal(name)}`),
  );
});

test("rejects digests while a cluster has another version", () => {
  const digest = "0".repeat(64);
  expect(problems({ version: "1.31.0" }, { chartDigests: { base: digest, istiod: digest } })).toContain(
    "clusters[0].istio.version: istio.chartDigests are those of 1.30.4; remove them while a cluster has another version",
  );
});

test.each([
  ["1.30.4", undefined, "1.31.0"],
  ["1.30.4", "1.30.4-distroless", "1.31.0-distroless"],
  ["1.30.4", "v1.30.4", "v1.31.0"],
  ["1.30.4", "stable", undefined],
  ["1.30.4", "1.30.42-distroless", undefined],
  ["1.30.4", "11.30.4", undefined],
  ["1.30.4", "1.30.4.1", undefined],
])("for 1.31.0, instead of %s with tag %s, the tag is %s", (version, tag, expected) => {
  expect(tagFor("1.31.0", { version, tag })).toBe(expected);
  expect(tagFor(version, { version, tag })).toBe(tag ?? version);
});
