// What a provider's clusters may lack: made where the config asks for it, and nowhere else.
import { expect, test } from "vitest";
import { type Recorded, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const one = { name: "one", kubeconfig, context: "one", csp: "ncloud" };
const two = { name: "two", kubeconfig, context: "two", csp: "nhn" };

const line = ({ name, parent, dependencies }: Recorded) =>
  `${name} in ${parent} after ${dependencies.join(" ") || "-"}`;
const find = (resources: readonly Recorded[], name: string) => resources.find((resource) => resource.name === name);
const settings = (resource: Recorded | undefined) => {
  const environment = resource?.inputs.environment as Record<string, string> | undefined;
  return JSON.parse(environment?.CSP_MESH_SETTINGS ?? "null");
};

test("by default there is none of it", async () => {
  const { resources } = await runProgram({ clusters: [one, two] });
  expect(resources.filter(({ name }) => /storage-class|metrics-server/.test(name))).toEqual([]);
});

test("a StorageClass is made in the cluster that asks for one, and knows whose the default is now", async () => {
  const { resources } = await runProgram({ clusters: [one, { ...two, storageClass: {} }] });
  const own = resources.filter(({ name, type }) => name.includes("storage-class") && !type.startsWith("csp-mesh:"));
  expect(own.map(line)).toEqual([
    "two-storage-class-undo in DefaultStorageClass/two after -",
    "two-storage-class in DefaultStorageClass/two after two-storage-class-undo",
  ]);
  expect(settings(own[1])).toEqual({
    name: "csi-storageclass",
    provisioner: "cinder.csi.openstack.org",
    parameters: {},
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: false,
    others: ["theirs"],
  });
  expect(find(resources, "two-istiod-removal")?.dependencies).toContain("two-storage-class");
});

test("metrics-server is ready in every cluster before istiod, whose autoscaler needs it", async () => {
  const metricsServer = {
    source: "https://example.com/components.yaml",
    kubeletInsecureTls: true,
    registry: "r.example",
  };
  const { resources } = await runProgram({ clusters: [one, two], metricsServer, awaitSeconds: 7 });
  for (const name of ["one", "two"]) {
    const hook = find(resources, `${name}-metrics-server`);
    expect(hook && line(hook)).toBe(
      `${name}-metrics-server in MetricsServer/${name} after ${name}-metrics-server-undo`,
    );
    expect(settings(hook)).toEqual({ ...metricsServer, awaitSeconds: 7 });
    expect(find(resources, `${name}-istiod-removal`)?.dependencies).toContain(`${name}-metrics-server`);
  }
});
