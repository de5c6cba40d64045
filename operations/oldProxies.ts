// Finds and restarts workloads whose proxies are older than their cluster's istiod.
import type { V1Pod, V1ReplicaSet } from "@kubernetes/client-node";
import type { RecordOf } from "../config/operationSchema.ts";
import type { ClusterConfig, MeshConfig } from "../config/parse.ts";
import { apiServer } from "../kube/apiServer.ts";
import { objectsOf } from "../kube/objects.ts";
import { restartPatch } from "../kube/restartPatch.ts";
import { plainVersion } from "../mesh/istioLines.ts";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { ACCOUNTS } from "../mesh/sampleParts.ts";
import { isSeen } from "../status/facts.ts";
import type { MeshStatus } from "../status/lookAtMesh.ts";

/** The version that all proxies have at the end of the upgrade. */
export const versionAfter = ({ from, to, back }: RecordOf<"upgrade">): string => (back ? from : to);

export interface OldProxies {
  readonly cluster: string;
  /** As `namespace/name`, without the program's own pods. */
  readonly pods: readonly string[];
}

/** @param version version of the proxies that new pods get */
export function oldProxies(
  { looks }: Pick<MeshStatus, "looks">,
  { sample }: Pick<MeshConfig, "sample">,
  version: string,
): OldProxies[] {
  const isOwn = (pod: string) =>
    pod.startsWith(`${SYSTEM_NAMESPACE}/`) ||
    (sample.enabled && Object.keys(ACCOUNTS).some((app) => pod.startsWith(`${sample.namespace}/${app}-`)));
  return looks.filter(isSeen).flatMap(({ name: cluster, istiods }) => {
    const old = istiods.flatMap(({ proxies }) =>
      proxies.filter((proxy) => plainVersion(proxy.version) !== plainVersion(version)),
    );
    const pods = [...new Set(old.map(({ pod }) => pod))].filter((pod) => !isOwn(pod)).toSorted();
    return pods.length === 0 ? [] : [{ cluster, pods }];
  });
}

export type Restart = (cluster: ClusterConfig, pods: readonly string[], signal: AbortSignal) => Promise<RestartResult>;

export interface RestartResult {
  /** As `Deployment namespace/name`. */
  readonly workloads: readonly string[];
  /** Pods without such a controller, which nobody would create again. */
  readonly left: readonly string[];
}

const CONTROLLERS = ["Deployment", "StatefulSet", "DaemonSet"];

/** Restarts the controllers of pods, as `kubectl rollout restart` does. */
export const restartWorkloads: Restart = async ({ kubeconfig, context }, pods, signal) => {
  const server = await apiServer(kubeconfig, context, { signal });
  try {
    const objects = objectsOf(server);
    const workloads = new Map<string, { readonly kind: string; readonly name: string; readonly namespace: string }>();
    const left: string[] = [];
    for (const path of pods) {
      const [namespace = "", name = ""] = path.split("/");
      const pod = await objects.read<V1Pod>("v1", "Pod", name, namespace);
      // The pod no longer exists, and its successor has a newer proxy.
      if (pod === undefined) continue;
      const owner = controllerOf(pod);
      const set =
        owner?.kind === "ReplicaSet"
          ? await objects.read<V1ReplicaSet>("apps/v1", "ReplicaSet", owner.name, namespace)
          : undefined;
      const controller = set ? controllerOf(set) : owner;
      if (controller === undefined || !CONTROLLERS.includes(controller.kind)) left.push(path);
      else {
        const { kind } = controller;
        workloads.set(`${kind} ${namespace}/${controller.name}`, { kind, namespace, name: controller.name });
      }
    }
    for (const { kind, name, namespace } of workloads.values()) {
      signal.throwIfAborted();
      await objects.merge({ apiVersion: "apps/v1", kind, metadata: { name, namespace } }, restartPatch());
    }
    return { workloads: [...workloads.keys()].toSorted(), left };
  } finally {
    server.close();
  }
};

const controllerOf = ({ metadata }: V1Pod | V1ReplicaSet) =>
  metadata?.ownerReferences?.find(({ controller }) => controller === true);
