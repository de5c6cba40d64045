// Istio upgraded from 1.29.1 to 1.31.0 by its command, back from the middle of it, and with the command killed, under requests from a
// namespace of its own in each cluster to the samples of both, whose pods and sidecars the upgrade leaves alone.
import { afterAll, beforeAll, expect, test } from "vitest";
import { labDown } from "../../../lab/down.ts";
import { pulumiDestroy, pulumiUp } from "../../../lab/pulumi.ts";
import { labSpec } from "../../../lab/spec.ts";
import { type Lab, labUp } from "../../../lab/up.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "../apiSnapshot.ts";
import {
  expectUnchanged,
  FROM,
  installFormer,
  killedAt,
  REQUESTS,
  SHOP,
  TO,
  versions,
  versionsOf,
} from "../formerIstio.ts";
import { type Api, apiOf, providerObjects } from "../kubectl.ts";
import { operate, underRequests } from "../meshCommand.ts";
import { configureCluster, configured } from "../stackConfig.ts";
import { options } from "../testLab.ts";

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
  await installFormer(lab, apis);
});

afterAll(() => labDown(labSpec(options)));

const command = (...args: string[]) => operate(lab, ...args);

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

test("goes back from the middle, after it and Pulumi were killed there, and no request fails", {
  timeout: LONG,
}, async () => {
  expect(await versions(apis)).toEqual(versionsOf(lab.clusters, FROM, FROM));
  const gateways = await addresses();
  await underRequests(
    apis,
    async () => {
      // The first istiod of the first cluster is on its way.
      await killedAt(lab, 3, "upgrade", "--to", TO);
      const { exitCode, all } = await command("upgrade", "--to", TO, "--back");
      expect(exitCode, all).toBe(0);
    },
    REQUESTS,
  );
  expect(await versions(apis)).toEqual(versionsOf(lab.clusters, FROM, FROM));
  expect(await left()).toEqual([]);
  expect(await addresses()).toEqual(gateways);
  expect(await configured(lab, "operation")).toBeUndefined();
  await expectUnchanged(lab);
});

test("is finished by the same command after it and Pulumi were killed, and no request fails", {
  timeout: LONG,
}, async () => {
  const gateways = await addresses();
  await underRequests(
    apis,
    async () => {
      // The first cluster is done, and the gateways of the second are on their way.
      await killedAt(lab, 8, "upgrade", "--to", TO);
      const [one] = await versions(apis);
      expect(one).toMatchObject({ cluster: first, istiod: [TO], gateway: [TO], sample: [TO] });
      const { exitCode, all } = await command("upgrade", "--to", TO);
      expect(exitCode, all).toBe(0);
      expect(all).toContain("all 4 checks passed");
      // Workloads of other people are named, and left alone.
      for (const { name } of lab.clusters) expect(all).toMatch(new RegExp(`- ${name}: shop/sleep-`));
    },
    REQUESTS,
  );
  expect(await versions(apis)).toEqual(versionsOf(lab.clusters, TO, FROM));
  expect(await left()).toEqual([]);
  expect(await addresses()).toEqual(gateways);
  expect(await configured(lab, "operation")).toBeUndefined();
  expect(await configured(lab, "istio")).toMatchObject({ version: TO, tag: TO });
  expect((await configured(lab, "clusters")) as object[]).not.toContainEqual(
    expect.objectContaining({ istio: expect.anything() }),
  );
  await expectUnchanged(lab);
});

test("plain pulumi up declares the same states, and destroy in the middle of one leaves nothing", async () => {
  await configureCluster(lab, first, { istio: { next: { version: TO, serves: "gateways" } } });
  await pulumiUp(lab, "--skip-preview");
  expect((await versions(apis))[0]).toMatchObject({ istiod: [TO], gateway: [TO], sample: [TO] });
  expect((await left()).length).toBeGreaterThan(0);
  // Its VirtualService would keep Istio's CRDs, so wait until it is gone.
  const shop = { apiVersion: "v1", kind: "Namespace", metadata: { name: SHOP } };
  await Promise.all(apis.map(async (api) => (await providerObjects(api)).remove([shop])));
  await pulumiDestroy(lab);
  const after = await snapshots();
  expect(before.flatMap((snapshot, index) => apiDifference(snapshot, after[index] ?? new Map()))).toEqual([]);
});
