// Tests the provider's kinds in clusters without a mesh: killed, disturbed and run concurrently.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ApiException,
  ApiextensionsV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
  PatchStrategy,
  setHeaderOptions,
  type V1CustomResourceDefinition,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { applyAddons, metricsServer } from "../../lab/addons.ts";
import { labDown } from "../../lab/down.ts";
import { labSpec } from "../../lab/spec.ts";
import { versions } from "../../lab/toolchain/versions.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { CLAIM, CLAIMED } from "../../mesh/claim.ts";
import { INSTALLED } from "../../mesh/gatewayApiPlan.ts";
import { FOUND, helmOwnership, MADE } from "../../mesh/ownership.ts";
import { readCrds } from "../../provider/gatewayApiManifest.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "./apiSnapshot.ts";
import { foundBefore, somebodysRoute } from "./foreign.ts";
import { intercept } from "./interceptor.ts";
import { type Api, apiOf, providerObjects } from "./kubectl.ts";
import { type KindRun, killAfterEveryWrite, runKind, startKind } from "./providerProcess.ts";
import { options } from "./testLab.ts";

const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

let lab: Lab;
let ncloud: Api;
let nhn: Api;

beforeAll(async () => {
  lab = await labUp(options);
  ncloud = apiOf(lab, clusterNamed("ncloud"));
  nhn = apiOf(lab, clusterNamed("nhn"));
});

afterAll(() => labDown(labSpec(options)));

function clusterNamed(name: string) {
  const found = lab.clusters.find((cluster) => cluster.name === name);
  if (found === undefined) throw new Error(`${name}: no such cluster in the lab`);
  return found;
}

const runOn = (name: string, settings: Record<string, unknown> = {}): KindRun => ({
  kubeconfig: join(lab.dir, "kubeconfig"),
  context: clusterNamed(name).kubeconfigName,
  cluster: name,
  settings,
});

/** Claims a cluster for a state of a stack. */
const claimOn = (name: string, of: { readonly claimId?: string; readonly owner?: string } = {}) =>
  runOn(name, {
    claimId: "first",
    owner: "acme/mesh/first",
    ...of,
    network: name,
    mesh: "mesh1",
    trustDomain: "cluster.local",
    keepCrds: false,
    istio: versions.istio,
  });

/** Releases the claim. */
const cleanupOn = (name: string, of: { readonly claimId?: string; readonly owner?: string } = {}) => {
  const extras = { gatewayApi: false, metricsServer: false, storageClass: false };
  return runOn(name, {
    claimId: "first",
    owner: "acme/mesh/first",
    ...of,
    keepCrds: false,
    awaitSeconds: 120,
    ...extras,
  });
};

describe("Cilium", () => {
  const namespace = "kube-system";
  const CONFIG = "/api/v1/namespaces/kube-system/configmaps/cilium-config";
  const DAEMON_SET = "/apis/apps/v1/namespaces/kube-system/daemonsets/cilium";
  const cilium = (name = "ncloud", settings = {}) => runOn(name, { awaitSeconds: 120, ...settings });
  const wanted = { "bpf-lb-sock-hostns-only": "true", "cni-exclusive": "false", "enable-l7-proxy": "false" };

  /** All parts of Cilium that could differ afterwards, and the number of its restarts. */
  async function look() {
    const config = await ncloud.core.readNamespacedConfigMap({ namespace, name: "cilium-config" });
    const daemonSet = await ncloud.apps.readNamespacedDaemonSet({ namespace, name: "cilium" });
    const revisions = await ncloud.apps.listNamespacedControllerRevision({ namespace });
    const pods = await ncloud.core.listNamespacedPod({ namespace, labelSelector: "k8s-app=cilium" });
    return {
      generation: daemonSet.metadata?.generation ?? 0,
      pods: pods.items.map(({ metadata }) => metadata?.name),
      data: config.data ?? {},
      all: {
        data: config.data,
        annotations: config.metadata?.annotations,
        template: daemonSet.spec?.template,
        revisions: revisions.items.map(({ metadata }) => metadata?.name),
      },
    };
  }

  async function set(data: Record<string, string | null>): Promise<void> {
    await ncloud.core.patchNamespacedConfigMap({ namespace, name: "cilium-config", body: { data } }, mergePatch);
  }

  let original: Awaited<ReturnType<typeof look>>;
  beforeAll(async () => {
    original = await look();
  });

  test("gets three settings and one restart, keeps both on a second run, and is restored afterwards", async () => {
    expect(await runKind("CiliumSettings", "plan", cilium())).toMatch(/^cilium-config: .*, one restart$/);
    expect(await look()).toEqual(original);
    expect(await runKind("CiliumSettings", "create", cilium())).toBe("");
    const patched = await look();
    expect(patched.data).toEqual({ ...original.data, ...wanted });
    expect(patched.generation).toBe(original.generation + 1);
    expect(patched.pods).not.toEqual(original.pods);

    expect(await runKind("CiliumSettings", "create", cilium())).toBe("");
    expect(await look()).toEqual(patched);

    expect(await runKind("CiliumSettings", "delete", cilium())).toBe("");
    const restored = await look();
    expect(restored.all).toEqual(original.all);
    expect(restored.generation).toBe(patched.generation + 1);
    expect(restored.pods).not.toEqual(patched.pods);

    expect(await runKind("CiliumSettings", "delete", cilium())).toBe("");
    expect(await look()).toEqual(restored);
  });

  test("is restarted once and restored once, whenever the step is killed", async () => {
    const before = await look();
    const deaths = await killAfterEveryWrite("CiliumSettings", "create", cilium());
    expect(deaths).toEqual(expect.arrayContaining([`PATCH ${CONFIG}`, `PATCH ${DAEMON_SET}`]));
    const patched = await look();
    expect(patched.data).toEqual({ ...original.data, ...wanted });
    expect(patched.generation).toBe(before.generation + 1);

    const ends = await killAfterEveryWrite("CiliumSettings", "delete", cilium());
    expect(ends).toEqual(expect.arrayContaining([`PATCH ${CONFIG}`, `PATCH ${DAEMON_SET}`]));
    const restored = await look();
    expect(restored.all).toEqual(original.all);
    expect(restored.generation).toBe(patched.generation + 1);
  });

  test("is restarted once by two concurrent runs", async () => {
    const before = await look();
    for (const step of ["create", "delete"] as const) {
      const both = Promise.withResolvers<void>();
      let waiting = 0;
      const door = await intercept(cilium(), async ({ method, path }) => {
        if (method !== "PATCH" || path !== CONFIG) return true;
        if (++waiting === 2) both.resolve();
        await both.promise;
        return true;
      });
      const run = { ...cilium(), kubeconfig: door.kubeconfig };
      await Promise.all([runKind("CiliumSettings", step, run), runKind("CiliumSettings", step, run)]).finally(
        door.close,
      );
      const writes = door.passed.filter((line) => line.startsWith(`PATCH ${CONFIG}`));
      expect(writes.toSorted()).toEqual([`PATCH ${CONFIG} 200`, `PATCH ${CONFIG} 409`]);
      if (step === "create") {
        const patched = await look();
        expect(patched.data).toEqual({ ...original.data, ...wanted });
        expect(patched.generation).toBe(before.generation + 1);
      }
    }
    const restored = await look();
    expect(restored.all).toEqual(original.all);
    expect(restored.generation).toBe(before.generation + 2);
  });

  test("keeps a key that others change meanwhile, with a warning; a key that was only reset is set again", async () => {
    await runKind("CiliumSettings", "create", cilium());
    const patched = await look();
    await set({ "cni-exclusive": "partly", "enable-l7-proxy": "true" });
    expect(await runKind("CiliumSettings", "create", cilium())).toBe(
      'warning: ConfigMap kube-system/cilium-config: cni-exclusive is "partly", changed outside this stack, and stays so; ' +
        'Istio needs "false", before the mesh it was absent',
    );
    const again = await look();
    expect(again.data).toEqual({ ...original.data, ...wanted, "cni-exclusive": "partly" });
    expect(again.generation).toBe(patched.generation + 1);
    expect(await runKind("CiliumSettings", "delete", cilium())).toBe(
      'warning: ConfigMap kube-system/cilium-config: cni-exclusive is "partly", changed outside this stack, and stays so; ' +
        "before the mesh it was absent",
    );
    expect((await look()).all).toEqual({ ...original.all, data: { ...original.data, "cni-exclusive": "partly" } });
    await set({ "cni-exclusive": null });
  });

  test("that does not become ready fails with the state of its pods, and has its settings restored", async () => {
    const container = { name: "cilium-agent", image: "quay.io/cilium/cilium:none" };
    await ncloud.apps.patchNamespacedDaemonSet(
      { namespace, name: "cilium", body: { spec: { template: { spec: { containers: [container] } } } } },
      setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
    );
    const { error } = await (await startKind("CiliumSettings", "create", cilium("ncloud", { awaitSeconds: 5 }))).ended;
    expect(error).toMatch(/^ncloud: Cilium does not become ready with .*enable-l7-proxy .* -> "false"\n/);
    expect(error).toMatch(
      /\nDaemonSet kube-system\/cilium: a restarted pod does not become ready: 1 of 1 pods restarted, 0 available\n/,
    );
    expect(error).toMatch(/\n {2}pod cilium-\w+ waits: cilium-agent (ErrImagePull|ImagePullBackOff): /);
    expect(error).toContain("could not be restored to its former values: DaemonSet kube-system/cilium: ");
    expect((await look()).all).toMatchObject({ data: original.all.data, annotations: original.all.annotations });
    container.image = original.all.template?.spec?.containers[0]?.image ?? "";
    await ncloud.apps.patchNamespacedDaemonSet(
      { namespace, name: "cilium", body: { spec: { template: { spec: { containers: [container] } } } } },
      setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
    );
    await runKind("CiliumSettings", "delete", cilium());
    const { template, data } = (await look()).all;
    expect({ template, data }).toEqual({ template: original.all.template, data: original.all.data });
  });

  test("may be missing, unless the config gives its namespace", async () => {
    expect(await runKind("CiliumSettings", "create", cilium("nhn"))).toBe("");
    expect(await runKind("CiliumSettings", "delete", cilium("nhn"))).toBe("");
    await expect(runKind("CiliumSettings", "create", cilium("nhn", { namespace: "cilium" }))).rejects.toThrow(
      new Error(
        'nhn: no DaemonSet with the label k8s-app=cilium in namespace "cilium"; correct the cluster\'s cilium.namespace, ' +
          "or remove it to search all namespaces",
      ),
    );
  });
});

describe("a default StorageClass", () => {
  const CLASSES = "/apis/storage.k8s.io/v1/storageclasses";
  const wanted = {
    name: "csi-storageclass",
    provisioner: "cinder.csi.openstack.org",
    parameters: { type: "SSD" },
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
  const theirs = (name: string, annotations = { "storageclass.kubernetes.io/is-default-class": "true" }) => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations },
    provisioner: "somebody.example",
  });
  let nhn: Api;
  beforeAll(() => {
    nhn = apiOf(lab, clusterNamed("nhn"));
  });

  const live = async ({ storage }: Api) => (await storage.listStorageClass()).items;
  const defaults = async (api: Api) =>
    (await live(api)).map(({ metadata }) => [
      metadata?.name,
      metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"],
    ]);

  test("is created if there is none, whenever the step is killed, and deleted again", async () => {
    expect(await killAfterEveryWrite("DefaultStorageClass", "create", runOn("nhn", wanted))).toContain(
      `POST ${CLASSES}`,
    );
    const { name: _, ...fields } = wanted;
    expect(await live(nhn)).toMatchObject([fields]);
    expect(await defaults(nhn)).toEqual([["csi-storageclass", "true"]]);
    // All these fields are immutable.
    await runKind(
      "DefaultStorageClass",
      "create",
      runOn("nhn", { ...wanted, parameters: {}, reclaimPolicy: "Retain" }),
    );
    expect((await live(nhn)).map(({ reclaimPolicy }) => reclaimPolicy)).toEqual(["Retain"]);
    await killAfterEveryWrite("DefaultStorageClass", "delete", runOn("nhn", wanted));
    expect(await live(nhn)).toEqual([]);
  });

  test("of the provider is left alone", async () => {
    const before = await live(ncloud);
    expect(await runKind("DefaultStorageClass", "create", runOn("ncloud", wanted))).toBe(
      "the cluster has a default StorageClass, nks-block-storage: csi-storageclass is not created",
    );
    await runKind("DefaultStorageClass", "delete", runOn("ncloud", wanted));
    expect(await live(ncloud)).toEqual(before);
  });

  test("that others create at the same moment, or later, is the only default", async () => {
    const door = await intercept(runOn("nhn"), async ({ method }) => {
      if (method === "POST") await nhn.objects.create(theirs("theirs"));
      return true;
    });
    const notice = "the cluster has a default StorageClass, theirs: csi-storageclass is none";
    const run = { ...runOn("nhn", wanted), kubeconfig: door.kubeconfig };
    expect(await runKind("DefaultStorageClass", "create", run).finally(door.close)).toBe(notice);
    const both = [
      ["csi-storageclass", "false"],
      ["theirs", "true"],
    ];
    expect(await defaults(nhn)).toEqual(both);

    await nhn.objects.delete(theirs("theirs"));
    expect(await runKind("DefaultStorageClass", "create", runOn("nhn", wanted))).toBe("");
    expect(await defaults(nhn)).toEqual([["csi-storageclass", "true"]]);
    await nhn.objects.create(theirs("theirs"));
    expect(await runKind("DefaultStorageClass", "create", runOn("nhn", wanted))).toBe(notice);
    expect(await defaults(nhn)).toEqual(both);

    await runKind("DefaultStorageClass", "delete", runOn("nhn", wanted));
    expect(await defaults(nhn)).toEqual([["theirs", "true"]]);
    await nhn.objects.delete(theirs("theirs"));
  });

  test("is not created if others have a class of the same name, with a notice", async () => {
    const { metadata, ...rest } = theirs("csi-storageclass");
    const other = { ...rest, metadata: { name: metadata.name } };
    await nhn.objects.create(other);
    const before = await live(nhn);
    expect(await runKind("DefaultStorageClass", "create", runOn("nhn", wanted))).toBe(
      "StorageClass csi-storageclass is not this program's, and stays unchanged; " +
        "the cluster has no default: set storageClass.name to another name",
    );
    await runKind("DefaultStorageClass", "delete", runOn("nhn", wanted));
    expect(await live(nhn)).toEqual(before);
    await nhn.objects.delete(other);
  });
});

describe("metrics-server", () => {
  const released = metricsServer();
  const run = (name: string, settings: object = {}) =>
    runOn(name, { source: manifest, kubeletInsecureTls: true, awaitSeconds: 120, ...settings });
  const account = released.find(({ kind }) => kind === "ServiceAccount") as KubernetesObject;
  let nhn: Api;
  let manifest: string;
  let before: ApiSnapshot;

  beforeAll(async () => {
    nhn = apiOf(lab, clusterNamed("nhn"));
    manifest = join(lab.dir, "metrics-server.yaml");
    writeFileSync(manifest, released.map((object) => stringify(object)).join("---\n"));
    await (await providerObjects(nhn)).remove(released);
    before = await apiSnapshot(nhn.config);
  });
  // Restore the lab's metrics-server, which the tests remove.
  afterAll(() => applyAddons(lab, clusterNamed("nhn"), join(clusterNamed("nhn").dir, "admin.kubeconfig")));

  const left = async () => apiDifference(before, await apiSnapshot(nhn.config));

  test("of the provider is left alone", async () => {
    const found = await apiSnapshot(ncloud.config);
    expect(await runKind("MetricsServer", "create", run("ncloud"))).toBe(
      "the cluster has its own metrics API, which stays unchanged",
    );
    await runKind("MetricsServer", "delete", run("ncloud"));
    expect(apiDifference(found, await apiSnapshot(ncloud.config))).toEqual([]);
  });

  test("of which others left a part is not changed, and the error names the part", async () => {
    await nhn.objects.create(account);
    await expect(runKind("MetricsServer", "create", run("nhn"))).rejects.toThrow(
      new Error(
        "nhn: APIService v1beta1.metrics.k8s.io does not exist, but parts of a metrics-server that this program did not install do: " +
          "ServiceAccount kube-system/metrics-server; remove them, or set metricsServer.source to none",
      ),
    );
    await runKind("MetricsServer", "delete", run("nhn"));
    expect(await left()).toEqual(["+ ServiceAccount kube-system/metrics-server"]);
    await nhn.objects.delete(account);
  });

  test("that cannot work fails with its cause, works after the fix, and is deleted again", async () => {
    const nowhere = { registry: "registry.invalid", awaitSeconds: 10 };
    await expect(runKind("MetricsServer", "create", run("nhn", nowhere))).rejects.toThrow(
      /^nhn: metrics-server is not ready after 10 s: Deployment metrics-server: pod .*registry\.invalid\/metrics-server/,
    );
    expect(await runKind("MetricsServer", "create", run("nhn"))).toBe("");
    const nodes = await nhn.config.makeApiClient(CustomObjectsApi).listClusterCustomObject({
      group: "metrics.k8s.io",
      version: "v1beta1",
      plural: "nodes",
    });
    expect(nodes.items).toHaveLength(1);
    expect(await runKind("MetricsServer", "create", run("nhn"))).toBe("");

    await runKind("MetricsServer", "delete", run("nhn"));
    // The API server deletes a Service's Endpoints a moment later.
    await waitFor("all of it gone", 10_000, async () => {
      const rest = await left();
      return rest.length === 0 || rest.join("\n");
    });
    await runKind("MetricsServer", "delete", run("nhn"));
  });
});

describe("the Gateway API's definitions", () => {
  let names: string[];
  const run = (source = lab.tools.gatewayApiCrds) => runOn("nhn", { source, awaitSeconds: 120 });
  let api: ApiextensionsV1Api;
  let objects: CustomObjectsApi;
  beforeAll(async () => {
    names = (await readCrds(lab.tools.gatewayApiCrds)).map(({ metadata }) => metadata?.name ?? "").toSorted();
    const config = new KubeConfig();
    config.loadFromFile(run().kubeconfig);
    config.setCurrentContext(run().context);
    api = config.makeApiClient(ApiextensionsV1Api);
    objects = config.makeApiClient(CustomObjectsApi);
  });

  const live = async () => (await api.listCustomResourceDefinition()).items;
  const liveNames = async () => (await live()).map(({ metadata }) => metadata?.name);
  const patchAll = (metadata: object) =>
    Promise.all(names.map((name) => api.patchCustomResourceDefinition({ name, body: { metadata } }, mergePatch)));

  test("are installed if there are none, whenever the step is killed, and deleted again", async () => {
    const deaths = await killAfterEveryWrite("GatewayApiDefinitions", "create", run());
    expect(deaths).toContain("POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions");
    expect(await liveNames()).toEqual(names);
    const versions = (await live()).map(({ metadata }) => metadata?.resourceVersion);
    expect(await runKind("GatewayApiDefinitions", "create", run())).toBe("");
    expect((await live()).map(({ metadata }) => metadata?.resourceVersion)).toEqual(versions);
    await runKind("GatewayApiDefinitions", "delete", run());
    expect(await liveNames()).toEqual([]);
    await runKind("GatewayApiDefinitions", "delete", run());
  });

  test("stay while objects of others need them, and the error lists these, without istiod's own classes", async () => {
    await runKind("GatewayApiDefinitions", "create", run());
    const group = "gateway.networking.k8s.io";
    const gatewayClass = (name: string, controllerName: string) =>
      objects.createClusterCustomObject({
        group,
        version: "v1",
        plural: "gatewayclasses",
        body: { apiVersion: `${group}/v1`, kind: "GatewayClass", metadata: { name }, spec: { controllerName } },
      });
    await gatewayClass("istio", "istio.io/gateway-controller");
    await gatewayClass("edge", "istio.io/gateway-controller");
    await gatewayClass("shop", "example.com/controller");
    await expect(runKind("GatewayApiDefinitions", "delete", run())).rejects.toThrow(
      new Error(
        "nhn: deleting the program's Gateway API CRDs would also delete these objects of others:\n" +
          "  - GatewayClass edge\n  - GatewayClass shop\n" +
          "Delete them, or keep them and the CRDs, then run the same command again. To keep them:\n" +
          `  kubectl --context '${run().context}' label crd ${names.join(" ")} csp-mesh.io/gateway-api-`,
      ),
    );
    expect(await liveNames()).toEqual(names);
    await runKind("IstiodRemoval", "delete", { ...run(), settings: {} });
    const { items } = await objects.listClusterCustomObject({ group, version: "v1", plural: "gatewayclasses" });
    expect(items.map(({ metadata }: KubernetesObject) => metadata?.name)).toEqual(["edge", "shop"]);
    for (const name of ["edge", "shop"])
      await objects.deleteClusterCustomObject({ group, version: "v1", plural: "gatewayclasses", name });
    await runKind("GatewayApiDefinitions", "delete", run());
    expect(await liveNames()).toEqual([]);
  });

  test("of the provider are left alone, and so are those that others upgraded", async () => {
    await runKind("GatewayApiDefinitions", "create", run());
    await patchAll({ annotations: { "gateway.networking.k8s.io/bundle-version": "v9.9.9" } });
    expect(await runKind("GatewayApiDefinitions", "create", run())).toBe(
      `the cluster has Gateway API v9.9.9 (${names.length} of ${names.length} kinds), which stays unchanged`,
    );
    await runKind("GatewayApiDefinitions", "delete", run());
    expect((await live()).map(({ metadata }) => [metadata?.name, metadata?.labels?.[INSTALLED]])).toEqual(
      names.map((name) => [name, undefined]),
    );
    const before = await live();
    await runKind("GatewayApiDefinitions", "create", run());
    await runKind("GatewayApiDefinitions", "delete", run());
    expect(await live()).toEqual(before);
    for (const name of names) await api.deleteCustomResourceDefinition({ name });
    await waitFor("the definitions are gone", 60_000, async () => {
      const left = await liveNames();
      return left.length === 0 || left.join(" ");
    });
  });

  test("are upgraded together with existing objects, and never downgraded", async () => {
    const release = `v${versions.gatewayApi}`;
    const older = await copyOfRelease("v1.1.0");
    await runKind("GatewayApiDefinitions", "create", run(older));
    const releases = async () =>
      (await live()).map(({ metadata }) => [
        metadata?.annotations?.["gateway.networking.k8s.io/bundle-version"],
        metadata?.labels?.[INSTALLED],
      ]);
    expect(await releases()).toEqual(names.map(() => ["v1.1.0", "v1.1.0"]));
    const route: KubernetesObject = await nhn.objects.create(somebodysRoute);
    const readRoute = (): Promise<KubernetesObject> => nhn.objects.read(somebodysRoute);

    expect(await runKind("GatewayApiDefinitions", "create", run())).toBe("");
    expect(await releases()).toEqual(names.map(() => [release, release]));
    expect((await readRoute()).metadata?.uid).toBe(route.metadata?.uid);

    expect(await runKind("GatewayApiDefinitions", "create", run(older))).toBe(
      `the cluster has Gateway API ${release}, newer than v1.1.0, which stays unchanged`,
    );
    expect(await releases()).toEqual(names.map(() => [release, release]));
    await nhn.objects.delete(somebodysRoute);
    await runKind("GatewayApiDefinitions", "delete", run());
    expect(await liveNames()).toEqual([]);
  });

  /** A copy of the lab's CRDs under another release: path of a folder. */
  async function copyOfRelease(release: string): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "csp-mesh-gateway-api-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const crd of await readCrds(lab.tools.gatewayApiCrds)) {
      const annotations = { ...crd.metadata?.annotations, "gateway.networking.k8s.io/bundle-version": release };
      const copy = { ...crd, metadata: { ...crd.metadata, annotations } };
      writeFileSync(join(folder, `${crd.metadata?.name}.yaml`), stringify(copy));
    }
    return folder;
  }
});

describe("a namespace", () => {
  let before: ApiSnapshot;
  beforeEach(async () => {
    before = await apiSnapshot(nhn.config);
  });
  const expectAsBefore = () =>
    waitFor("the cluster as it was", 60_000, async () => {
      const left = apiDifference(before, await apiSnapshot(nhn.config));
      return left.length === 0 ? true : left.join("\n");
    });

  describe("of the sample", () => {
    const parts = [
      { apiVersion: "v1", kind: "Service", name: "reviews" },
      { apiVersion: "v1", kind: "Service", name: "sleep" },
      { apiVersion: "telemetry.istio.io/v1", kind: "Telemetry", name: "log" },
    ];
    const run = () => runOn("nhn", { namespace: "sample", parts });
    const service = (name: string, labels = {}) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "sample", labels },
      spec: { ports: [{ port: 80 }] },
    });
    const ours = (name: string) => service(name, { "app.kubernetes.io/managed-by": "csp-mesh" });
    const namespace = (labels = {}) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name: "sample", labels } });
    const labels = async () => {
      const { metadata } = await nhn.core.readNamespace({ name: "sample" });
      return { ...metadata?.labels, annotations: metadata?.annotations };
    };
    const remove = async () => {
      await nhn.objects.delete(namespace());
      await expectAsBefore();
    };

    test("is created and deleted, including objects of a killed run, whenever it was killed", async () => {
      const undo = async () => {
        await runKind("SampleNamespace", "delete", run());
        await expectAsBefore();
      };
      const deaths = await killAfterEveryWrite("SampleNamespace", "create", run(), undo);
      expect(deaths).toContain("POST /api/v1/namespaces");
      expect(await labels()).toMatchObject({ "istio-injection": "enabled" });
      await nhn.objects.create(ours("reviews"));
      await undo();
    });

    test("stays if others work in it, without our marks", async () => {
      await runKind("SampleNamespace", "create", run());
      for (const object of [ours("reviews"), service("sleep"), service("shop")]) await nhn.objects.create(object);
      expect(await runKind("SampleNamespace", "delete", run())).toBe(
        'warning: nhn: namespace "sample" stays, because these objects in it are not this program\'s:\n' +
          "  - Service sample/shop\n  - Service sample/sleep",
      );
      expect(await labels()).toEqual({ "kubernetes.io/metadata.name": "sample" });
      const { items } = await nhn.core.listNamespacedService({ namespace: "sample" });
      expect(items.map(({ metadata }) => metadata?.name)).toEqual(["shop", "sleep"]);
      await remove();
    });

    test("that existed before keeps its labels and its objects", async () => {
      await nhn.objects.create(namespace({ owner: "somebody" }));
      await nhn.objects.create(service("shop"));
      const lent = await apiSnapshot(nhn.config);
      await runKind("SampleNamespace", "create", run());
      // Simulates an object that a killed run did not record.
      await nhn.objects.create(ours("sleep"));
      expect(await labels()).toMatchObject({ owner: "somebody" });
      expect(await labels()).not.toHaveProperty("istio-injection");
      await runKind("SampleNamespace", "delete", run());
      expect(apiDifference(lent, await apiSnapshot(nhn.config))).toEqual([]);
      await remove();
    });

    test("is refused if names are taken or sidecars are disabled, without any change", async () => {
      const refused = async (label: object, reason: string) => {
        await nhn.objects.create(namespace(label));
        await nhn.objects.create(service("sleep"));
        const found = await apiSnapshot(nhn.config);
        await expect(runKind("SampleNamespace", "create", run())).rejects.toThrow(
          new Error(`nhn: namespace ${reason}`),
        );
        await runKind("SampleNamespace", "delete", run());
        expect(apiDifference(found, await apiSnapshot(nhn.config))).toEqual([]);
        await remove();
      };
      await refused(
        {},
        '"sample" is not the program\'s own, and has objects with names that the sample needs:\n  - Service sample/sleep\n' +
          'Set csp-mesh:sample.namespace to another name, then run "pulumi up" again. They were not changed.',
      );
      for (const label of ["istio-injection=disabled", "istio.io/rev=canary"]) {
        await refused(
          Object.fromEntries([label.split("=")]),
          `"sample" is not the program's own, and its label ${label} prevents this mesh's sidecars; ` +
            'set csp-mesh:sample.namespace to another name, then run "pulumi up" again',
        );
      }
    });
  });

  describe("of istiod", () => {
    const run = () => runOn("nhn");
    const claim = () => claimOn("nhn");
    const cleanup = () => cleanupOn("nhn");
    const [namespace] = foundBefore;
    const crd = foundBefore.find(({ kind }) => kind === "CustomResourceDefinition");

    test("leaves nothing behind if a run was killed before it recorded its objects", async () => {
      await nhn.objects.create(crd as KubernetesObject);
      before = await apiSnapshot(nhn.config);
      const undo = async () => {
        await runKind("ClusterCleanup", "delete", cleanup());
        await expectAsBefore();
      };
      const deaths = await killAfterEveryWrite("ClusterClaim", "create", claim(), undo);
      expect(deaths).toContain("POST /api/v1/namespaces");
      await undo();
    });

    const inSystem = (kind: string, name: string, labels: Record<string, string> = {}) => ({
      apiVersion: "v1",
      kind,
      metadata: { name, namespace: "istio-system", labels },
    });
    const release = inSystem("Secret", "sh.helm.release.v1.istiod.v1", { owner: "helm", name: "istiod" });

    test("is used again after an interrupted destroy", async () => {
      await runKind("ClusterClaim", "create", claim());
      await nhn.objects.create(release);
      await runKind("ClusterClaim", "create", claim());
      await nhn.objects.delete(release);
      await runKind("ClusterCleanup", "delete", cleanup());
      await expectAsBefore();
    });

    test("is deleted completely, but nothing else, after a killed destroy and another up", async () => {
      const empty = before;
      const gatewayApi = runOn("nhn", { source: lab.tools.gatewayApiCrds, awaitSeconds: 120 });
      await runKind("GatewayApiDefinitions", "create", gatewayApi);
      const gatewayClass = (name: string) => ({
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "GatewayClass",
        metadata: { name },
        spec: { controllerName: "istio.io/gateway-controller" },
      });
      // The existing namespace stays. Deleting one would take seconds for each kill.
      const found = [namespace as KubernetesObject, gatewayClass("istio-waypoint")];
      for (const object of found) await nhn.objects.create(object);
      before = await apiSnapshot(nhn.config);

      const ours = structuredClone(crd as V1CustomResourceDefinition);
      ours.metadata = { name: "sidecars.networking.istio.io", ...(helmOwnership("istio-base") as object) };
      ours.spec.group = "networking.istio.io";
      ours.spec.names = { kind: "Sidecar", listKind: "SidecarList", plural: "sidecars", singular: "sidecar" };
      const up = async () => {
        await runKind("ClusterClaim", "create", claim());
        for (const object of [ours, gatewayClass("istio")]) {
          await nhn.objects.create(object).catch((error: ApiException<unknown>) => expect(error.code).toBe(409));
        }
      };
      await up();
      await runKind("IstiodRemoval", "delete", run());
      const deaths = await killAfterEveryWrite("ClusterCleanup", "delete", cleanup(), async () => {
        await up();
        await runKind("IstiodRemoval", "delete", run());
        await runKind("ClusterCleanup", "delete", cleanup());
        await expectAsBefore();
        await up();
      });
      expect(deaths).toContain("PATCH /api/v1/namespaces/istio-system");
      await expectAsBefore();
      before = empty;
      for (const object of found) await nhn.objects.delete(object);
      await runKind("GatewayApiDefinitions", "delete", gatewayApi);
      await expectAsBefore();
    });

    test("waits until a namespace that a killed destroy was deleting is gone, and recreates it", async () => {
      await runKind("ClusterClaim", "create", claim());
      const holding = inSystem("ConfigMap", "holding", { "app.kubernetes.io/managed-by": "csp-mesh" });
      const finalizers = ["example.com/holding"];
      await nhn.objects.create({ ...holding, metadata: { ...holding.metadata, finalizers } });
      const system = "/api/v1/namespaces/istio-system";
      const deleted = Promise.withResolvers<void>();
      const ends = await intercept(cleanup(), ({ method, path }) => {
        if (method === "GET" && path === system && ends.passed.includes(`DELETE ${system} 200`)) deleted.resolve();
        return true;
      });
      const destroy = await startKind("ClusterCleanup", "delete", { ...cleanup(), kubeconfig: ends.kubeconfig });
      const failed = destroy.ended.then(({ error }) => {
        throw new Error(error);
      });
      await Promise.race([deleted.promise, failed]);
      failed.catch(() => {});
      destroy.kill();
      await destroy.ended;
      ends.close();

      const door = await intercept(claim(), () => true);
      const up = runKind("ClusterClaim", "create", { ...claim(), kubeconfig: door.kubeconfig }).finally(door.close);
      await waitFor(
        "it to wait",
        20_000,
        async () => door.passed.filter((line) => line === `GET ${system} 200`).length > 3 || "",
      );
      const released = { name: "holding", namespace: "istio-system", body: { metadata: { finalizers: null } } };
      await nhn.core.patchNamespacedConfigMap(released, mergePatch);
      await up;
      const { metadata } = await nhn.core.readNamespace({ name: "istio-system" });
      expect(metadata?.annotations).toHaveProperty([MADE]);
      expect(metadata).not.toHaveProperty("deletionTimestamp");
      await runKind("ClusterCleanup", "delete", cleanup());
      await expectAsBefore();
    });

    test("keeps objects that others created under our CRDs since the destroy began, and says how to go on", async () => {
      await runKind("ClusterClaim", "create", claim());
      const annotations = {
        "meta.helm.sh/release-name": "istio-base",
        "meta.helm.sh/release-namespace": "istio-system",
      };
      const body = { metadata: { annotations: { ...annotations, [FOUND]: null } } };
      const name = crd?.metadata?.name as string;
      await nhn.extensions.patchCustomResourceDefinition({ name, body }, mergePatch);
      const metadata = { name: "theirs", namespace: "default" };
      await nhn.objects.create({ apiVersion: "extensions.istio.io/v1alpha1", kind: "WasmPlugin", metadata });
      await expect(runKind("ClusterCleanup", "delete", cleanup())).rejects.toThrow(
        new Error(
          "nhn: deleting Istio's CRDs would also delete these custom resources of others:\n" +
            "  - WasmPlugin default/theirs\n" +
            "Delete them, or keep them and their CRDs, then run the same command again. To keep them:\n" +
            `  kubectl --context '${run().context}' annotate crd ${name} meta.helm.sh/release-name-`,
        ),
      );
      const asSaid = { metadata: { annotations: { "meta.helm.sh/release-name": null } } };
      await nhn.extensions.patchCustomResourceDefinition({ name, body: asSaid }, mergePatch);
      await runKind("ClusterCleanup", "delete", cleanup());
      await nhn.objects.delete({ apiVersion: "extensions.istio.io/v1alpha1", kind: "WasmPlugin", metadata });
      await expect(nhn.core.readNamespace({ name: "istio-system" })).rejects.toMatchObject({ code: 404 });
    });

    test("keeps another Istio that was refused, or parts of one, in a later destroy", async () => {
      await nhn.objects.create(namespace as KubernetesObject);
      const parts = [
        release,
        inSystem("Secret", "cacerts"),
        inSystem("Secret", "istio-remote-secret-old", { "istio/multiCluster": "true" }),
        { ...inSystem("Service", "istio-ingressgateway"), spec: { ports: [{ port: 80 }] } },
      ];
      for (const part of parts) await nhn.objects.create(part);
      const found = await apiSnapshot(nhn.config);
      await expect(runKind("ClusterClaim", "create", claim())).rejects.toThrow(
        "nhn: the cluster already has an Istio that this program did not install, and two would overwrite each other:\n" +
          "  - Secret istio-system/sh.helm.release.v1.istiod.v1\n" +
          "  - Secret istio-system/cacerts\n" +
          "  - Secret istio-system/istio-remote-secret-old\n" +
          "  - Service istio-system/istio-ingressgateway\n",
      );
      await runKind("ClusterCleanup", "delete", cleanup());
      expect(apiDifference(found, await apiSnapshot(nhn.config))).toEqual([]);
      await (await providerObjects(nhn)).remove([namespace as KubernetesObject, crd as KubernetesObject]);
    });
  });
});

describe("a claim", () => {
  const ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
  const other = { claimId: "other", owner: "acme/mesh/other" };
  const refusal =
    'nhn: this cluster belongs to the mesh "mesh1" of the stack acme/mesh/first, as its cluster "nhn". Nothing was changed. ' +
    "Destroy that stack first; if its state is lost, or after pulumi stack rename, run: npm run mesh -- adopt";
  let empty: ApiSnapshot;
  let claimed: ApiSnapshot;

  beforeEach(async () => {
    empty = await apiSnapshot(nhn.config);
    await runKind("ClusterClaim", "create", claimOn("nhn"));
    claimed = await apiSnapshot(nhn.config);
    return async () => {
      await runKind("ClusterCleanup", "delete", cleanupOn("nhn"));
      await waitFor("the cluster as it was", 60_000, async () => {
        const left = apiDifference(empty, await apiSnapshot(nhn.config));
        return left.length === 0 ? true : left.join("\n");
      });
    };
  });
  const expectUntouched = async () => expect(apiDifference(claimed, await apiSnapshot(nhn.config))).toEqual([]);

  test("of another stack, or of another state of the same stack, is refused before any write", async () => {
    const states = [
      [other, refusal],
      [
        { claimId: "again" },
        "nhn: this cluster's mesh was built by a stack of this name, acme/mesh/first, with another state. Nothing was changed. " +
          "If that state still exists, use it (pulumi login, pulumi stack select); if it is lost, run: npm run mesh -- adopt",
      ],
    ] as const;
    for (const [owner, message] of states) {
      await expect(runKind("ClusterClaim", "create", claimOn("nhn", owner))).rejects.toThrow(new Error(message));
      await expect(runKind("ClusterClaim", "check", claimOn("nhn", owner))).rejects.toThrow(message.slice(5));
      await expectUntouched();
    }
  });

  test("belongs to the first of two concurrent stacks, and the other one writes nothing", async () => {
    await runKind("ClusterCleanup", "delete", cleanupOn("nhn"));
    const both = Promise.withResolvers<void>();
    let waiting = 0;
    const attempts = [claimOn("nhn"), claimOn("nhn", other)].map(async (run) => {
      const door = await intercept(run, async ({ method, path }) => {
        if (method !== "POST" || path !== ROLES) return true;
        if (++waiting === 2) both.resolve();
        await both.promise;
        return true;
      });
      const { error } = await (await startKind("ClusterClaim", "create", { ...run, kubeconfig: door.kubeconfig }))
        .ended;
      door.close();
      return { error, owner: run.settings.owner, writes: door.passed.filter((line) => !line.startsWith("GET ")) };
    });
    const ended = await Promise.all(attempts);
    const winner = ended.find(({ error }) => error === undefined);
    const loser = ended.find(({ error }) => error !== undefined);
    expect(winner?.writes[0]).toBe(`POST ${ROLES} 201`);
    expect(loser?.writes).toEqual([`POST ${ROLES} 409`]);
    expect(loser?.error).toContain(`of the stack ${winner?.owner}, as its cluster "nhn". Nothing was changed.`);
    const role: KubernetesObject = await nhn.objects.read({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: CLAIM },
    });
    expect(JSON.parse(role.metadata?.annotations?.[CLAIMED] ?? "")).toMatchObject({ owner: winner?.owner });
    if (winner?.owner === other.owner) {
      await runKind("ClusterCleanup", "delete", cleanupOn("nhn", other));
      await runKind("ClusterClaim", "create", claimOn("nhn"));
    }
  });

  const storageClass = (claim: string) => ({
    ...runOn("nhn", {
      name: "csi-storageclass",
      provisioner: "cinder.csi.openstack.org",
      parameters: {},
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    }),
    claim,
  });

  test("protects all objects from a destroy of another stack, which gets a warning", async () => {
    await runKind("DefaultStorageClass", "create", storageClass("first"));
    claimed = await apiSnapshot(nhn.config);
    expect(await runKind("ClusterCleanup", "delete", cleanupOn("nhn", other))).toBe(
      "warning: nhn: this cluster belongs to the stack acme/mesh/first: nothing was deleted in it",
    );
    const notOurs = 'nhn: this cluster belongs to the stack acme/mesh/first (mesh "mesh1") now';
    expect(await runKind("DefaultStorageClass", "delete", storageClass("other"))).toBe(
      `warning: ${notOurs}: nothing was deleted in it`,
    );
    await expect(runKind("DefaultStorageClass", "create", storageClass("other"))).rejects.toThrow(new Error(notOurs));
    await expect(
      runKind("DestroyGuard", "delete", runOn("nhn", { claimId: "other", keepCrds: false, namespaces: [] })),
    ).rejects.toThrow(`${notOurs}. Nothing was deleted in any cluster.`);
    await expectUntouched();
    await runKind("DefaultStorageClass", "delete", storageClass("first"));
  });

  test("that was handed to another stack is no longer valid for the first one", async () => {
    await runKind("DefaultStorageClass", "create", storageClass("first"));
    const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: CLAIM } };
    const { metadata } = await nhn.objects.read<KubernetesObject>(role);
    const text = metadata?.annotations?.[CLAIMED] ?? "";
    const handOn = async (annotation: string) => {
      const objects = await providerObjects(nhn);
      await objects.merge(role, { metadata: { annotations: { [CLAIMED]: annotation } } });
    };
    await handOn(JSON.stringify({ ...JSON.parse(text), id: "other", owner: other.owner }));
    claimed = await apiSnapshot(nhn.config);
    expect(await runKind("ClusterCleanup", "delete", cleanupOn("nhn"))).toBe(
      "warning: nhn: this cluster belongs to the stack acme/mesh/other: nothing was deleted in it",
    );
    expect(await runKind("DefaultStorageClass", "delete", storageClass("first"))).toBe(
      'warning: nhn: this cluster belongs to the stack acme/mesh/other (mesh "mesh1") now: nothing was deleted in it',
    );
    await expectUntouched();
    await handOn(text);
    await runKind("DefaultStorageClass", "delete", storageClass("first"));
  });
});
