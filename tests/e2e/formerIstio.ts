// A mesh of a former Istio with a workload of other people, and what its upgrade reaches.
import { readFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { CustomObjectsApi } from "@kubernetes/client-node";
import { expect } from "vitest";
import { parse } from "yaml";
import { pulumiUp, stackFile } from "../../lab/pulumi.ts";
import type { ClusterSpec } from "../../lab/spec.ts";
import type { Lab } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { virtualService } from "../../mesh/trafficRules.ts";
import { ROOT } from "../root.ts";
import type { Api } from "./kubectl.ts";
import { killedOnce, operate } from "./meshCommand.ts";
import { configure, configured } from "./stackConfig.ts";

export const [FROM, TO] = ["1.29.1", "1.31.0"] as const;
export const SHOP = "shop";

/** Builds the mesh of the former Istio, and the workload in each cluster. */
export async function installFormer(lab: Lab, apis: readonly Api[]): Promise<void> {
  // The charts of both versions in one folder, as a closed network has them.
  const charts = join(lab.dir, "all-charts");
  await mkdir(charts, { recursive: true });
  await symlink(join(lab.dir, `charts-${FROM}`), join(charts, FROM));
  await symlink(join(lab.dir, "charts"), join(charts, TO));
  const istio = (await configured(lab, "istio")) as object;
  await configure(lab, { istio: { ...istio, version: FROM, tag: FROM, charts: relative(ROOT, charts) } });
  await pulumiUp(lab, "--skip-preview");
  await Promise.all(apis.map(makeShop));
}

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

/** Ten a second of each cluster's shop, half of which go through the other cluster's gateway. */
export const REQUESTS = { from: SHOP, moreThan: (seconds: number) => 10 * seconds };

/** Read beside the command, which may be writing it. */
function reachedNow(lab: Lab): number {
  try {
    return parse(readFileSync(stackFile(lab), "utf8")).config["csp-mesh:operation"]?.reached ?? 0;
  } catch {
    return 0;
  }
}

/** Kills the command and Pulumi once so many states were reached and the next one is under way. */
export const killedAt = (lab: Lab, reached: number, ...args: string[]) =>
  killedOnce(
    operate(lab, ...args),
    `${reached} states`,
    async () => reachedNow(lab) >= reached || `${reachedNow(lab)}`,
    5_000,
  );

/** Versions of istiods, and of the gateway's and the sample's proxies, by cluster. */
export async function versions(apis: readonly Api[]) {
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

/** What {@link versions} gives if each cluster has one version, and the workload of other people has its own. */
export const versionsOf = (clusters: readonly ClusterSpec[], version: string, shop: string) =>
  clusters.map(({ name: cluster }) => ({
    ...{ cluster, istiod: [version], gateway: [version], sample: [version], shop: [shop] },
  }));

export const expectUnchanged = async (lab: Lab) =>
  expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
