import { describe, expect, test } from "vitest";
import { stackConfig } from "../../../cli/stackConfig.ts";
import { parseConfig } from "../../../config/parse.ts";
import { catalogue } from "../../../i18n/language.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const root = folder({ kubeconfig: kubeconfig(["one", "two", "four"]) });
const [one, two, four] = ["one", "two", "four"].map((name) => ({ name, kubeconfig: "kubeconfig", context: name }));
/** Nothing that its entry names is there. */
const lost = {
  name: "lost",
  network: "vpc",
  kubeconfig: "missing",
  context: "none",
  caBundle: "missing.pem",
  csp: "ncloud",
  gateway: { externalAddress: "203.0.113.9" },
  state: "gone",
};

const problems = (raw: Record<string, unknown>) => {
  try {
    parseConfig(raw, root);
  } catch (error) {
    return (error as Error).message.split("\n  - ").slice(1);
  }
  throw new Error("the config was taken");
};

describe("a cluster that is gone", () => {
  test("is named and not looked into; the others keep their places", () => {
    const config = parseConfig({ clusters: [one, lost, two, four] }, root);
    expect(config.clusters.map(({ name, position }) => [name, position])).toEqual([
      ["one", 0],
      ["two", 2],
      ["four", 3],
    ]);
    expect(config.clusters[0]).not.toHaveProperty("state");
    expect(config.gone).toEqual([{ name: "lost", network: "vpc" }]);
    expect(config.istio.externalGateways).toEqual([]);
    expect(config.filledIn.map((line) => line.split(":")[0])).toEqual(["one", "two", "four"]);
    expect(config.warnings).toEqual([]);
  });

  test("is not asked for in another stack, nor is its text checked", () => {
    const stackOutput = () => undefined;
    const elsewhere = { ...lost, kubeconfig: { stack: "acme/clusters/prod", output: "kubeconfig" } };
    expect(parseConfig({ clusters: [one, elsewhere] }, root, { stackOutput }).clusters).toHaveLength(1);
    expect(parseConfig({ clusters: [one, { ...lost, kubeconfig: "token: t\n" }] }, root).clusters).toHaveLength(1);
  });

  test("is not asked for by commands either, which find the others' files from the project's folder", async () => {
    const elsewhere = { ...lost, kubeconfig: { stack: "acme/clusters/prod", output: "kubeconfig" } };
    const project = folder({
      kubeconfig: kubeconfig(["one"]),
      "Pulumi.s.yaml": JSON.stringify({ config: { "csp-mesh:clusters": [one, elsewhere] } }),
    });
    const pulumi = () => Promise.reject(new Error("not needed"));
    const world = { stdout: () => {}, stderr: () => {}, env: {}, root: project, pulumi };
    const { clusters } = await stackConfig({ stack: "s" }, catalogue.en, world);
    expect(clusters.map(({ name, kubeconfig }) => [name, kubeconfig])).toEqual([["one", `${project}/kubeconfig`]]);
  });

  test("keeps its name and its network, and leaves what led to it to others", () => {
    expect(problems({ clusters: [lost, { ...one, name: "lost" }, { ...two, network: "vpc" }] })).toEqual([
      'clusters[1].name: "lost" is already that of clusters[0]; istiod would take both for one cluster',
      'clusters[2].network: "vpc" is already that of clusters[0]; istiod would send requests straight to pods that cannot be reached',
    ]);
    const replacement = { ...one, gateway: lost.gateway, apiServer: "https://api.example" };
    const former = { ...lost, kubeconfig: one?.kubeconfig, context: one?.context, apiServer: "https://api.example" };
    for (const clusters of [
      [former, replacement],
      [replacement, former],
    ])
      expect(parseConfig({ clusters }, root).clusters).toHaveLength(1);
  });

  test("takes its version of the sample with it", () => {
    const traffic = (weights: object) => ({ traffic: { kind: "weights", weights } });
    expect(problems({ clusters: [one, lost, two], sample: traffic({ v1: 50, v2: 50 }) })).toEqual([
      "sample.traffic.weights.v2: runs in no cluster; this mesh has v1, v3",
    ]);
    expect(
      parseConfig({ clusters: [one, lost, two], sample: traffic({ v1: 50, v3: 50 }) }, root).clusters,
    ).toHaveLength(2);
  });

  test("keeps its intermediate, which is not examined", () => {
    const ca = { source: "intermediates", root: "none", intermediates: { lost: { certificate: "x", key: "y" } } };
    expect(problems({ clusters: [one, lost], ca }).filter((line) => line.includes("lost"))).toEqual([]);
    expect(problems({ clusters: [one, two], ca }).filter((line) => line.includes("lost"))).toEqual([
      "ca.intermediates.lost: is no cluster of the mesh; it has one, two",
    ]);
  });

  test("has a state that is known", () => {
    expect(problems({ clusters: [one, { ...two, state: "lost" }] })).toEqual([
      'clusters[1].state: must be one of "present", "gone", got "lost"',
    ]);
  });
});

describe("a single cluster", () => {
  const WARNING = "clusters: there is only one, which has nothing to reach; add the others here";

  test("lives on, with the others' entries and without them", () => {
    expect(parseConfig({ clusters: [lost, two] }, root)).toMatchObject({ clusters: [{ name: "two" }], warnings: [] });
    expect(parseConfig({ clusters: [two] }, root)).toMatchObject({ clusters: [{ name: "two" }], warnings: [WARNING] });
    expect(parseConfig({ clusters: [one, two] }, root).warnings).toEqual([]);
  });

  test("is one that is there", () => {
    expect(problems({ clusters: [lost, { ...two, state: "gone" }] })).toEqual([
      'clusters: every cluster has the state "gone"; a mesh needs one that is there (pulumi destroy removes the mesh)',
    ]);
  });
});
