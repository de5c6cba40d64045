// A resource is identified by its type, its parents' types and its name. Names of clusters must not make two of them
// equal.
import fc from "fast-check";
import { expect, test } from "vitest";
import { folder } from "../config/fixtures.ts";
import { runProgram, writeKubeconfig } from "./recorder.ts";

const manifest = `${folder({ "manifest.yaml": "" })}/manifest.yaml`;
const login = { server: "registry.example", username: "u", password: "p" };
const secrets = ["c", "b-pull-c", "x-cacerts", "pull-c"];

/** Names whose parts are also parts of the program's own names. */
const words = [
  "a",
  "b",
  "c",
  "x",
  "to",
  "root",
  "key",
  "request",
  "pull",
  "sample",
  "gateway",
  "cacerts",
  "secret",
  "probe",
];
const label = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 5 }).map((parts) => parts.join("-"));
const meshes = fc.uniqueArray(label, { minLength: 2, maxLength: 4 });

async function twice(names: readonly string[]): Promise<string[]> {
  const kubeconfig = writeKubeconfig(...names);
  const { resources } = await runProgram(
    {
      clusters: names.map((name) => ({ name, kubeconfig, context: name })),
      ingress: { enabled: true },
      gatewayApi: { source: manifest },
      metricsServer: { source: manifest },
      pullSecrets: secrets.map((name) => ({ name, ...login })),
      sample: { traffic: { kind: "failover" } },
    },
    false,
    ["pullSecrets"],
  );
  const ids = resources.map(({ type, name, parent }) => `${parent.split("/")[0]} ${type} ${name}`);
  expect(ids.length).toBeGreaterThan(names.length * 40);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

test.each([
  [["root", "a"]],
  [["a", "b-to-c", "a-to-b", "c"]],
  [["a", "a-pull-b", "a-pull-x"]],
  [["probe", "reachability", "mesh-ca"]],
])("gives clusters %j unique resource names", async (names) => {
  expect(await twice(names)).toEqual([]);
});

test("gives any clusters unique resource names", async () => {
  await fc.assert(
    fc.asyncProperty(meshes, async (names) => {
      expect(await twice(names)).toEqual([]);
    }),
    { numRuns: 8 },
  );
});
