// Optional resources for missing features of a provider's clusters, and for machines. They are created only if the
// config requests them.
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sshPublicKey } from "../../../components/sshPublicKey.ts";
import { type Recorded, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const one = { name: "one", kubeconfig, context: "one", csp: "ncloud" };
const two = { name: "two", kubeconfig, context: "two", csp: "nhn" };

const line = ({ name, parent, dependencies }: Recorded) =>
  `${name} in ${parent} after ${dependencies.join(" ") || "-"}`;
const find = (resources: readonly Recorded[], name: string) => resources.find((resource) => resource.name === name);
/** Inputs without the access to the cluster. */
const settings = (resource: Recorded | undefined) => {
  const { access: _, claim: __, cluster: ___, ...rest } = resource?.inputs ?? {};
  return rest;
};

test("creates none of them by default", async () => {
  const { resources, outputs } = await runProgram({ clusters: [one, two] });
  expect(resources.filter(({ name }) => /storage-class|metrics-server|vm-account/.test(name))).toEqual([]);
  expect(outputs.vmAccountKey).toBeNull();
});

test("creates a StorageClass only in the cluster that requests one", async () => {
  const { resources } = await runProgram({ clusters: [one, { ...two, storageClass: {} }] });
  const own = resources.filter(({ type }) => type === "csp-mesh:cluster:DefaultStorageClass");
  expect(own.map(line)).toEqual(["two-storage-class in DefaultStorageClass/two after two-claim two-claim-id"]);
  expect(settings(own[0])).toEqual({
    name: "csi-storageclass",
    provisioner: "cinder.csi.openstack.org",
    parameters: {},
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: false,
  });
  // The mesh does not wait for it, and it starts late, so that it does not slow down more important steps.
  const component = resources.find(({ type }) => type === "csp-mesh:index:DefaultStorageClass");
  for (const before of ["two-istiod-ready", "one-sleep", "two-sleep"])
    expect(component?.dependencies).toContain(before);
  // Only the destroy guards, which are deleted first, depend on it.
  const after = resources.filter(({ dependencies }) => dependencies.includes("two-storage-class"));
  expect(after.map(({ name }) => name).sort()).toEqual(["one-destroy-guard", "two-destroy-guard"]);
});

test("has metrics-server ready in every cluster before istiod, whose autoscaler needs it", async () => {
  const metricsServer = {
    source: "https://example.com/components.yaml",
    kubeletInsecureTls: true,
    registry: "r.example",
  };
  const { resources } = await runProgram({ clusters: [one, two], metricsServer, awaitSeconds: 7 });
  for (const name of ["one", "two"]) {
    const server = find(resources, `${name}-metrics-server`);
    expect(server && line(server)).toBe(
      `${name}-metrics-server in MetricsServer/${name} after ${name}-claim ${name}-claim-id`,
    );
    expect(settings(server)).toEqual({ ...metricsServer, awaitSeconds: 7 });
    expect(find(resources, `${name}-istiod-removal`)?.dependencies).toContain(`${name}-metrics-server`);
  }
});

describe("the account on machines", () => {
  const hostKey = `ssh-ed25519 ${"A".repeat(68)}`;
  const hosts = [
    { host: "a.example", hostKey, privateKey: "key of a" },
    { host: "a.example", port: 2222, user: "ncloud", hostKey, password: "hunter2", holdsKey: true },
  ];
  const run = (vmAccount: object) => runProgram({ clusters: [one, two], vmAccount }, false, ["vmAccount"]);
  const commands = (resources: readonly Recorded[]) =>
    resources.filter(({ type }) => type === "command:remote:Command");

  test("has one key, and an undo command before the create command on each machine", async () => {
    const { resources, outputs } = await run({ hosts, rsaBits: 2048 });
    expect(find(resources, "vm-account-key")?.inputs).toEqual({ algorithm: "RSA", rsaBits: 2048 });
    expect(commands(resources).map(line).sort()).toEqual([
      "vm-account-a.example in VmAccount/vm-account after vm-account-a.example-undo vm-account-key",
      "vm-account-a.example-2222 in VmAccount/vm-account after vm-account-a.example-2222-undo vm-account-key",
      "vm-account-a.example-2222-undo in VmAccount/vm-account after vm-account-key",
      "vm-account-a.example-undo in VmAccount/vm-account after vm-account-key",
    ]);
    for (const { name, inputs } of commands(resources)) {
      const step = name.endsWith("-undo") ? "delete" : "create";
      const keys = ["addPreviousOutputInEnv", "connection", step, "logging", "stdin", "triggers"];
      expect(Object.keys(inputs).sort()).toEqual(keys);
    }
    // The dependency of the component applies to all of them.
    expect(find(resources, "vm-account")?.dependencies).toEqual(["reachability-probe"]);
    expect(outputs.vmAccountKey).toBe("key of vm-account-key\n");
    expect(find(resources, "one-destroy-guard")?.dependencies).toContain("vm-account-a.example");
  });

  test("is created with the connection in the config, and the machine's host key", async () => {
    const { resources } = await run({ hosts });
    const connection = (name: string) => find(resources, name)?.inputs.connection;
    const defaults = { dialErrorLimit: 10, perDialTimeout: 15 };
    expect(connection("vm-account-a.example")).toEqual({
      secret: { host: "a.example", port: 22, user: "root", privateKey: "key of a", hostKey, ...defaults },
    });
    expect(connection("vm-account-a.example-2222-undo")).toEqual({
      secret: { host: "a.example", port: 2222, user: "ncloud", password: "hunter2", hostKey, ...defaults },
    });
  });

  test("has its private key, as a secret, on the configured machines only, and no secret in a command", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    const { resources, outputs } = await run({ hosts, name: "portal", privateKey: pem });
    expect(outputs.vmAccountKey).toBe(pem);
    expect(resources.filter(({ type }) => type.startsWith("tls:") && !/mesh-ca/.test(type))).not.toContain(
      "vm-account",
    );
    const [plain, holder] = ["vm-account-a.example", "vm-account-a.example-2222"].map(
      (name) => find(resources, name)?.inputs,
    );
    expect(plain?.stdin).toEqual(expect.stringContaining(`public_key='${sshPublicKey(pem)}'\nprivate_key=''\n`));
    expect(plain?.stdin).toEqual(expect.stringMatching(/^name='portal'\n/));
    expect(holder?.stdin).toEqual({ secret: expect.stringContaining(`private_key='${pem.trim()}'\n`) });
    expect(plain?.triggers).toEqual(["portal"]);
    expect(JSON.stringify([plain?.create, holder?.create])).not.toMatch(/PRIVATE|hunter2|key of/);
  });
});
