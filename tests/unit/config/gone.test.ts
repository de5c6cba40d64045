import { describe, expect, test } from "vitest";
import { stackConfig } from "../../../cli/stackConfig.ts";
import { parseConfig } from "../../../config/parse.ts";
import { catalogue } from "../../../i18n/language.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const root = folder({ kubeconfig: kubeconfig(["one", "two", "four"]) });
const [one, two, four] = ["one", "two", "four"].map((name) => ({ name, kubeconfig: "kubeconfig", context: name }));
/** Nothing that this entry references exists. */
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
  test("keeps its entry, which is not checked, and the others keep their places", () => {
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

  test("needs no output of another stack, and no valid kubeconfig", () => {
    const stackOutput = () => undefined;
    const elsewhere = { ...lost, kubeconfig: { stack: "acme/clusters/prod", output: "kubeconfig" } };
    expect(parseConfig({ clusters: [one, elsewhere] }, root, { stackOutput }).clusters).toHaveLength(1);
    expect(parseConfig({ clusters: [one, { ...lost, kubeconfig: "token: t\n" }] }, root).clusters).toHaveLength(1);
  });

  test("is not read by commands, which resolve other files against the project's folder", async () => {
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

  test("keeps its name and network, but frees its context and addresses for others", () => {
    expect(problems({ clusters: [lost, { ...one, name: "lost" }, { ...two, network: "vpc" }] })).toEqual([
      'clusters[1].name: "lost" is already that of clusters[0]; istiod would treat both as one cluster',
      'clusters[2].network: "vpc" is already that of clusters[0]; istiod would send requests directly to pods that it cannot reach through a gateway',
    ]);
    const replacement = { ...one, gateway: lost.gateway, apiServer: "https://api.example" };
    const former = { ...lost, kubeconfig: one?.kubeconfig, context: one?.context, apiServer: "https://api.example" };
    for (const clusters of [
      [former, replacement],
      [replacement, former],
    ])
      expect(parseConfig({ clusters }, root).clusters).toHaveLength(1);
  });

  test("has no sample version that weights could use", () => {
    const traffic = (weights: object) => ({ traffic: { kind: "weights", weights } });
    expect(problems({ clusters: [one, lost, two], sample: traffic({ v1: 50, v2: 50 }) })).toEqual([
      "sample.traffic.weights.v2: runs in no cluster; this mesh has v1, v3",
    ]);
    expect(
      parseConfig({ clusters: [one, lost, two], sample: traffic({ v1: 50, v3: 50 }) }, root).clusters,
    ).toHaveLength(2);
  });

  test("keeps its intermediate, which is not checked", () => {
    const ca = { source: "intermediates", root: "none", intermediates: { lost: { certificate: "x", key: "y" } } };
    expect(problems({ clusters: [one, lost], ca }).filter((line) => line.includes("lost"))).toEqual([]);
    expect(problems({ clusters: [one, two], ca }).filter((line) => line.includes("lost"))).toEqual([
      "ca.intermediates.lost: is not a cluster of the mesh, which has one, two",
    ]);
  });

  test("has one of the known states", () => {
    expect(problems({ clusters: [one, { ...two, state: "lost" }] })).toEqual([
      'clusters[1].state: must be one of "present", "leaving", "gone", got "lost"',
    ]);
  });
});

describe("a leaving cluster", () => {
  const leaving = { ...two, state: "leaving" };

  test("is still checked, but is hidden from its peers", () => {
    const { clusters, gone } = parseConfig({ clusters: [one, leaving, four] }, root);
    expect(clusters.map(({ name, isStaying }) => [name, isStaying])).toEqual([
      ["one", true],
      ["two", false],
      ["four", true],
    ]);
    expect(gone).toEqual([]);
    expect(problems({ clusters: [one, { ...leaving, context: "none" }] })).toHaveLength(1);
  });

  test("has no sample version that weights could use", () => {
    const sample = { traffic: { kind: "weights", weights: { v1: 50, v2: 50 } } };
    expect(problems({ clusters: [one, leaving, four], sample })).toEqual([
      "sample.traffic.weights.v2: runs in no cluster; this mesh has v1, v3",
    ]);
  });

  test("cannot be the last one", () => {
    expect(problems({ clusters: [lost, leaving] })).toEqual([
      'clusters: every cluster is "leaving" or "gone"; a mesh needs at least one that stays (pulumi destroy removes the mesh)',
    ]);
  });
});

describe("the version of a cluster's sample", () => {
  const versions = (clusters: object[]) =>
    parseConfig({ clusters }, root).clusters.map(({ name, sampleVersion }) => `${name} ${sampleVersion}`);

  test("follows from the place in the list, unless the config sets it", () => {
    expect(versions([one as object, two as object, four as object])).toEqual(["one 1", "two 2", "four 3"]);
    expect(versions([one as object, { ...four, sampleVersion: 3 }])).toEqual(["one 1", "four 3"]);
    expect(versions([lost, { ...four, sampleVersion: 3 }])).toEqual(["four 3"]);
  });

  test("determines the versions for weights", () => {
    const sample = { traffic: { kind: "weights", weights: { v1: 50, v3: 50 } } };
    expect(parseConfig({ clusters: [one, { ...four, sampleVersion: 3 }], sample }, root).clusters).toHaveLength(2);
  });

  test.each([
    [4, "must be at most 3: Istio's sample has no later version of reviews"],
    [0, "must be more than 0, got 0"],
  ])("%i is rejected", (sampleVersion, message) => {
    expect(problems({ clusters: [one, { ...two, sampleVersion }] })).toEqual([`clusters[1].sampleVersion: ${message}`]);
  });
});

describe("the recorded operation", () => {
  const tokens = [{ cluster: "one", generation: 2 }];

  test.each([
    [{ kind: "rotate-tokens", tokens }],
    [{ kind: "rotate-tokens", cluster: "one", tokens, reached: 1 }],
    [{ kind: "remove", cluster: "two" }],
    // The last state has removed the entry already.
    [{ kind: "remove", cluster: "three", reached: 1 }],
  ])("%j does not change the mesh", (operation) => {
    const { clusters } = parseConfig({ clusters: [one, two], operation }, root);
    expect(clusters).toEqual(parseConfig({ clusters: [one, two] }, root).clusters);
  });

  const GIVE_UP = "Correct it, or cancel the operation: pulumi config rm csp-mesh:operation";
  test.each([
    [
      { kind: "downgrade" },
      "operation.kind: is not an operation of this version, which has add, rotate-root, distrust, rotate-tokens, renew-intermediates, remove, upgrade",
    ],
    [{ kind: "rotate-tokens", tokens: [] }, "operation.tokens: is empty; remove csp-mesh:operation"],
    [
      { kind: "rotate-tokens", tokens: [{ cluster: "x", generation: 2 }] },
      `operation.tokens[0].cluster: "x" is not a cluster of the mesh, which has one, two. ${GIVE_UP}`,
    ],
    [
      { kind: "rotate-tokens", tokens, reached: 2 },
      "operation.reached: must be at most 1, the number of states, got 2",
    ],
    [
      { kind: "remove", cluster: "x" },
      `operation.cluster: "x" is not a cluster of the mesh, which has one, two. ${GIVE_UP}`,
    ],
    [{ kind: "remove", cluster: "x", reached: 3 }, "operation.reached: must be at most 2, the number of states, got 3"],
    [
      { kind: "add", cluster: "three", reached: 2 },
      "operation.reached: must be at most 1, the number of states, got 2",
    ],
    [
      { kind: "renew-intermediates", intermediates: [{ cluster: "three", generation: 2 }] },
      'operation.intermediates[0].cluster: "three" is not a cluster of the mesh, which has one, two. Correct it, or cancel the operation: pulumi config rm csp-mesh:operation',
    ],
    [
      { kind: "remove", cluster: "one", to: "x" },
      'operation: unknown key "to"; known are kind, cluster, reached, known, back',
    ],
  ])("%j is rejected", (operation, message) => {
    expect(problems({ clusters: [one, two], operation })).toEqual([message]);
  });

  test("may name a cluster that Pulumi writes as a number", () => {
    const clusters = [{ ...one, name: "1" }, two];
    expect(parseConfig({ clusters, operation: { kind: "remove", cluster: 1 } }, root).operation).toMatchObject({
      cluster: "1",
    });
  });
});

describe("a single remaining cluster", () => {
  const WARNING = "clusters: a mesh needs at least two; add the others here";

  test("is accepted, with or without the entries of clusters that are gone", () => {
    expect(parseConfig({ clusters: [lost, two] }, root)).toMatchObject({ clusters: [{ name: "two" }], warnings: [] });
    expect(parseConfig({ clusters: [two] }, root)).toMatchObject({ clusters: [{ name: "two" }], warnings: [WARNING] });
    expect(parseConfig({ clusters: [one, two] }, root).warnings).toEqual([]);
  });

  test("must not be gone itself", () => {
    expect(problems({ clusters: [lost, { ...two, state: "gone" }] })).toEqual([
      'clusters: every cluster has the state "gone": pulumi has nothing to create or delete; remove the stack by: pulumi stack rm --force',
    ]);
  });
});
