// Istio upgraded from 1.29.1 to 1.31.0 by its command, back from the middle of it, and with the command killed, under requests from a
// namespace of its own in each cluster to the samples of both, whose pods and sidecars the upgrade leaves alone.
import { readFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { CustomObjectsApi } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { labDown } from "../../../lab/down.ts";
import { pulumiDestroy, pulumiUp, stackFile } from "../../../lab/pulumi.ts";
import { labSpec } from "../../../lab/spec.ts";
import { type Lab, labUp } from "../../../lab/up.ts";
import { waitFor } from "../../../lab/wait.ts";
import { virtualService } from "../../../mesh/trafficRules.ts";
import { ROOT } from "../../root.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "../apiSnapshot.ts";
import { type Api, apiOf, providerObjects } from "../kubectl.ts";
import { killedOnce, operate, underRequests } from "../meshCommand.ts";
import { configure, configureCluster, configured } from "../stackConfig.ts";
import { options } from "../testLab.ts";

const [FROM, TO] = ["1.29.1", "1.31.0"] as const;
const SHOP = "shop";
/** Of a test that walks up to twenty states, in ms. */
const LONG = 1_800_000;

let lab: Lab;
let apis: readonly Api[];
let before: readonly ApiSnapshot[];
const [first] = labSpec(options).clusters.map(({ name }) => name) as [string, string];
const snapshots = () => Promise.all(apis.map(({ config }) => apiSnapshot(config)));

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp({ ...options, istio: [FROM] });
  apis = lab.clusters.map((cluster) => apiOf(lab, cluster));
  before = await snapshots();
  // The charts of both versions in one folder, as a closed network has them.
  const charts = join(lab.dir, "all-charts");
  await mkdir(charts, { recursive: true });
  await symlink(join(lab.dir, `charts-${FROM}`), join(charts, FROM));
  await symlink(join(lab.dir, "charts"), join(charts, TO));
  const istio = (await configured(lab, "istio")) as object;
  await configure(lab, { istio: { ...istio, version: FROM, tag: FROM, charts: relative(ROOT, charts) } });
  await pulumiUp(lab, "--skip-preview");
  await Promise.all(apis.map(makeShop));
});

afterAll(() => labDown(labSpec(options)));

/** A workload of other people's: the sample's `sleep` in a namespace with injection, and with the sample's own retries. */
async function makeShop({ core, apps, config, cluster }: Api): Promise<void> {
  await core.createNamespace({ body: { metadata: { name: SHOP, labels: { "istio-injection": "enabled" } } } });
  const { spec } = await apps.readNamespacedDeployment({ namespace: "sample", name: "sleep" });
  if (spec?.template.spec) spec.template.spec.serviceAccountName = "default";
  await apps.createNamespacedDeployment({
    namespace: SHOP,
    body: { metadata: { name: "sleep" }, spec: spec as object as never },
  });
  const host = "reviews.sample.svc.cluster.local";
  await config.makeApiClient(CustomObjectsApi).createNamespacedCustomObject({
    ...{ group: "networking.istio.io", version: "v1", namespace: SHOP, plural: "virtualservices" },
    body: {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "reviews" },
      spec: { ...virtualService(host, { kind: "failover", retries: 2, ejectSeconds: 30 }), exportTo: ["."] },
    },
  });
  await waitFor(`the shop of ${cluster.name}`, 60_000, async () => {
    const pods = await cluster.pods(SHOP, "app=sleep");
    return pods.some(({ ready }) => ready) || JSON.stringify(pods);
  });
}

const command = (...args: string[]) => operate(lab, ...args);

/** Ten a second of each cluster's shop, half of which go through the other cluster's gateway. */
const REQUESTS = { from: SHOP, moreThan: (seconds: number) => 10 * seconds };

/** Read beside the command, which may be writing it. */
function reachedNow(): number {
  try {
    return parse(readFileSync(stackFile(lab), "utf8")).config["csp-mesh:operation"]?.reached ?? 0;
  } catch {
    return 0;
  }
}

/** Kills the command and Pulumi once so many states were reached and the next one is under way. */
const killedAt = (reached: number, ...args: string[]) =>
  killedOnce(command(...args), `${reached} states`, async () => reachedNow() >= reached || `${reachedNow()}`, 5_000);

/** Versions of istiods, and of the gateway's and the sample's proxies, by cluster. */
async function versions() {
  const all = apis.map(async ({ core, cluster }) => {
    const imagesOf = async (namespace: string, labels: string) => {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: labels });
      const containers = items
        .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
        .flatMap(({ spec }) => [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]);
      const names = containers.filter(({ name }) => ["discovery", "istio-proxy"].includes(name));
      return [...new Set(names.map(({ image }) => image?.split(":").at(-1)))];
    };
    return {
      cluster: cluster.name,
      istiod: await imagesOf("istio-system", "app=istiod"),
      gateway: await imagesOf("istio-system", "istio=ingressgateway"),
      sample: await imagesOf("sample", ""),
      shop: await imagesOf(SHOP, ""),
    };
  });
  return Promise.all(all);
}

const at = (version: string, shop: string) =>
  lab.clusters.map(({ name: cluster }) => ({
    ...{ cluster, istiod: [version], gateway: [version], sample: [version], shop: [shop] },
  }));

/** What is left of the second istiod. */
async function left(): Promise<readonly string[]> {
  const all = await Promise.all(
    apis.map(async ({ config }) => {
      const names = [...(await apiSnapshot(config)).keys()];
      return names.filter((name) => /istiod-next|-next(-istio-system)?$|istio-next-/.test(name));
    }),
  );
  return all.flat();
}

const addresses = () =>
  Promise.all(
    apis.map(async ({ core }) => {
      const service = await core.readNamespacedService({ namespace: "istio-system", name: "istio-ingressgateway" });
      return [service.metadata?.uid, service.status?.loadBalancer?.ingress];
    }),
  );

const isUnchanged = async () =>
  expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);

test("goes back from the middle, after it and Pulumi were killed there, and no request fails", {
  timeout: LONG,
}, async () => {
  expect(await versions()).toEqual(at(FROM, FROM));
  const gateways = await addresses();
  await underRequests(
    apis,
    async () => {
      // The first istiod of the first cluster is on its way.
      await killedAt(3, "upgrade", "--to", TO);
      const { exitCode, all } = await command("upgrade", "--to", TO, "--back");
      expect(exitCode, all).toBe(0);
    },
    REQUESTS,
  );
  expect(await versions()).toEqual(at(FROM, FROM));
  expect(await left()).toEqual([]);
  expect(await addresses()).toEqual(gateways);
  expect(await configured(lab, "operation")).toBeUndefined();
  await isUnchanged();
});

test("is finished by the same command after it and Pulumi were killed, and no request fails", {
  timeout: LONG,
}, async () => {
  const gateways = await addresses();
  await underRequests(
    apis,
    async () => {
      // The first cluster is done, and the gateways of the second are on their way.
      await killedAt(8, "upgrade", "--to", TO);
      const [one] = await versions();
      expect(one).toMatchObject({ cluster: first, istiod: [TO], gateway: [TO], sample: [TO] });
      const { exitCode, all } = await command("upgrade", "--to", TO);
      expect(exitCode, all).toBe(0);
      expect(all).toContain("all 4 checks passed");
      // Workloads of other people are named, and left alone.
      for (const { name } of lab.clusters) expect(all).toMatch(new RegExp(`- ${name}: shop/sleep-`));
    },
    REQUESTS,
  );
  expect(await versions()).toEqual(at(TO, FROM));
  expect(await left()).toEqual([]);
  expect(await addresses()).toEqual(gateways);
  expect(await configured(lab, "operation")).toBeUndefined();
  expect(await configured(lab, "istio")).toMatchObject({ version: TO, tag: TO });
  expect((await configured(lab, "clusters")) as object[]).not.toContainEqual(
    expect.objectContaining({ istio: expect.anything() }),
  );
  await isUnchanged();
});

test("plain pulumi up declares the same states, and destroy in the middle of one leaves nothing", async () => {
  await configureCluster(lab, first, { istio: { next: { version: TO, serves: "gateways" } } });
  await pulumiUp(lab, "--skip-preview");
  expect((await versions())[0]).toMatchObject({ istiod: [TO], gateway: [TO], sample: [TO] });
  expect((await left()).length).toBeGreaterThan(0);
  // Its VirtualService would keep Istio's CRDs, so wait until it is gone.
  const shop = { apiVersion: "v1", kind: "Namespace", metadata: { name: SHOP } };
  await Promise.all(apis.map(async (api) => (await providerObjects(api)).remove([shop])));
  await pulumiDestroy(lab);
  const after = await snapshots();
  expect(before.flatMap((snapshot, index) => apiDifference(snapshot, after[index] ?? new Map()))).toEqual([]);
});
