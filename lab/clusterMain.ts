// First process of a cluster's machine: starts the cluster and keeps it running. `machine.ts` starts it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { applyAddons } from "./addons.ts";
import { startControlPlane } from "./controlPlane.ts";
import { goEnvironment } from "./goEnvironment.ts";
import { makePrivate, reportStatus } from "./machine.ts";
import { startContainerd, startKubelet, startKubeProxy } from "./node.ts";
import { writeClusterPki } from "./pki.ts";
import type { ClusterSpec, LabSpec } from "./spec.ts";
import { Supervisor } from "./supervisor.ts";
import type { Toolchain } from "./toolchain/index.ts";
import { waitFor } from "./wait.ts";

export interface ClusterInput {
  readonly lab: Pick<LabSpec, "cloudIp">;
  readonly cluster: ClusterSpec;
  readonly tools: Toolchain;
  /** Folder of `ensureImageStore`. */
  readonly images: string;
}

async function run({ lab, cluster, tools, images }: ClusterInput): Promise<void> {
  await makePrivate(cluster.dir);
  await writeClusterPki(cluster.dir, {
    name: cluster.nodeName,
    ip: cluster.nodeIp,
    apiServiceIp: cluster.apiServiceIp,
  });
  const supervisor = new Supervisor(join(cluster.dir, "logs"), goEnvironment);
  await Promise.all([
    startControlPlane(cluster, tools, supervisor),
    startContainerd(cluster, tools, supervisor, images),
  ]);
  const kubeconfig = join(cluster.dir, "admin.kubeconfig");
  await startKubelet(cluster, tools, supervisor);
  await startKubeProxy(cluster, tools, supervisor);
  await applyAddons(lab, cluster, kubeconfig);
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  await waitFor(`${cluster.name}: node and its own pods ready`, 120_000, async () => {
    const nodes = await api.listNode();
    const pods = await api.listNamespacedPod({ namespace: "kube-system" });
    const waiting = [
      ...(nodes.items.length === 0 ? ["no node"] : []),
      ...[...nodes.items, ...pods.items]
        .filter((item) => item.status?.conditions?.find(({ type }) => type === "Ready")?.status !== "True")
        .map((item) => `${item.metadata?.name} not ready`),
      ...(pods.items.length < 2 ? ["pods not created yet"] : []),
    ];
    return waiting.length === 0 ? true : waiting.join(", ");
  });
  reportStatus(cluster.dir, { ready: true });
}

const input: ClusterInput = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
run(input).catch((error: unknown) => {
  console.error(error);
  reportStatus(input.cluster.dir, { ready: false, error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
