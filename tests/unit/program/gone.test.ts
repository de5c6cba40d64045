import { beforeEach, expect, test } from "vitest";
import { runProgram, stackReferences, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("a", "b", "c", "d");
const clusters = ["a", "b", "c", "d"].map((name) => ({ name, kubeconfig, context: name }));
const without = (...gone: string[]) =>
  clusters.map((cluster) =>
    gone.includes(cluster.name) ? { ...cluster, kubeconfig: "/missing", state: "gone" } : cluster,
  );
const run = async (entries: object[]) => {
  const { resources, outputs } = await runProgram({ clusters: entries });
  return { resources, mesh: outputs.mesh as { clusters: { name: string }[]; sample: { versions: object } } };
};

beforeEach(() => stackReferences.clear());

test("keeps only a marker for a cluster that is gone, and the others' resources stay unchanged", async () => {
  const [before, after] = [await run(clusters), await run(without("b"))];
  const left = after.resources.filter(({ name }) => /\bb\b/.test(name));
  expect(left.map(({ type, name, parent }) => `${type} ${name} in ${parent}`)).toEqual([
    "csp-mesh:index:GoneCluster b in Stack/csp-mesh-test",
    "csp-mesh:cluster:GoneCluster b-gone in GoneCluster/b",
    "pulumi:providers:kubernetes b in Stack/csp-mesh-test",
  ]);
  // The provider has the same name as before, so that its resources are deleted without requests.
  const provider = left.at(-1)?.inputs;
  expect(provider).toMatchObject({ clusterIdentifier: "b", deleteUnreachable: "true" });
  expect(provider?.kubeconfig).toContain("server: https://127.0.0.1:1\n");
  expect(after.mesh.clusters.map(({ name }) => name)).toEqual(["a", "c", "d"]);
  expect(after.mesh.sample.versions).toEqual({ a: "v1", c: "v3", d: "v1" });
  const workloads = ({ resources }: typeof before) =>
    resources
      .filter(({ type, name }) => /:(Deployment|Release)$/.test(type) && !name.startsWith("b-"))
      .map(({ name, inputs }) => ({ name, inputs }));
  expect(workloads(after)).toEqual(workloads(before));
  expect(workloads(after)).toHaveLength(3 * 5);
});

test("hides a leaving cluster from its peers, and changes nothing else", async () => {
  const leaving = clusters.map((cluster) => (cluster.name === "b" ? { ...cluster, state: "leaving" } : cluster));
  const [before, after] = [await run(clusters), await run(leaving)];
  const named = ({ resources }: typeof before) => resources.map(({ type, name }) => `${type} ${name}`);
  const left = named(before).filter((line) => !named(after).includes(line));
  expect(left.map((line) => line.split(" ")[1]).filter((name) => !/^b-to-[acd](-|$)/.test(name ?? ""))).toEqual([]);
  expect(left.filter((line) => line.includes(":CrossNetworkLink "))).toHaveLength(3);
  expect(named(after).filter((line) => !named(before).includes(line))).toEqual([]);
  // It still watches the others until it is removed.
  expect(named(after)).toContain("csp-mesh:index:CrossNetworkLink a-to-b");
  const inputsOf = ({ resources }: typeof before) =>
    resources.filter(({ type }) => /:(Deployment|Release)$/.test(type)).map(({ name, inputs }) => ({ name, inputs }));
  expect(inputsOf(after)).toEqual(inputsOf(before));
  // The proof only contacts the remaining clusters.
  expect(after.mesh.clusters.map(({ name }) => name)).toEqual(["a", "c", "d"]);
});

test("keeps the samples of later clusters after a removal, if the config has their versions", async () => {
  const [a, , c, d] = clusters;
  const [before, after] = [
    await run(clusters),
    await run([a as object, { ...c, sampleVersion: 3 }, { ...d, sampleVersion: 1 }]),
  ];
  const samples = ({ resources }: typeof before) =>
    resources
      .filter(({ name }) => /^[acd]-(reviews|sleep)/.test(name))
      .map(({ type, name, inputs }) => ({ type, name, inputs }));
  expect(samples(after)).toEqual(samples(before));
  expect(samples(after).length).toBeGreaterThan(10);
  expect(after.mesh.sample.versions).toEqual({ a: "v1", c: "v3", d: "v1" });
});

test("keeps a mesh of a single cluster, which others can join again", async () => {
  const { resources, mesh } = await run(without("a", "b", "c"));
  expect(mesh.clusters.map(({ name }) => name)).toEqual(["d"]);
  expect(resources.filter(({ type }) => type.endsWith(":CrossNetworkLink"))).toEqual([]);
  const names = (from: typeof resources) =>
    from.map(({ type, name }) => `${type} ${name}`).filter((line) => !line.includes(":GoneCluster "));
  const whole = await run(clusters);
  expect(names(whole.resources)).toEqual(expect.arrayContaining(names(resources)));
});

test("does not read the stack output with the kubeconfig of a cluster that is gone", async () => {
  const reference = { stack: "acme/gone/prod", output: "kubeconfig" };
  const { resources } = await run([...clusters, { name: "e", context: "e", kubeconfig: reference, state: "gone" }]);
  expect(resources.filter(({ type }) => type === "pulumi:pulumi:StackReference")).toEqual([]);
});
