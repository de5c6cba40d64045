import type { Cluster } from "../kube/cluster.ts";
import { until } from "../kube/until.ts";
import { istiodOf } from "../mesh/nextIstiod.ts";
import { parseClusterz } from "./clusterz.ts";
import { istiodDebug } from "./debug.ts";
import { endpointsByCluster } from "./endpointShards.ts";

export interface RemoteSecretSettings {
  /** The cluster that is watched. */
  readonly source: string;
  /** Namespace of the istiods that watch it. */
  readonly namespace: string;
}

export interface Patience {
  /** Longest wait, in ms. */
  readonly deadline: number;
  /** How long a state must last before it counts, in ms. */
  readonly settled: number;
}

/**
 * The deadline covers a restart of istiod and istiod's own limit for a cluster's first sync, 30 s. A state must last
 * for a while, because istiod notices a changed secret with a delay, and only then reports the cluster as syncing.
 */
const patience: Patience = { deadline: 120_000, settled: 2_000 };

interface State {
  readonly good: boolean;
  /** Name of the Deployment of an istiod that has dropped the former watch but does not start the new one. */
  readonly stuck?: string | undefined;
  readonly seen: string;
}

/**
 * Waits until every replica of a cluster's istiod watches another cluster with the current content of its remote
 * secret. From 1.29.0 on, until a patch release of each line, istiod keeps using the former content (istio#59875). Then
 * it is restarted once, as by `kubectl rollout restart`; proxies keep their configuration meanwhile.
 * @throws Error with the last state if istiod does not use it in time. Pulumi then deletes nothing, so a former token
 * stays valid.
 */
export async function remoteSecretInUse(
  cluster: Cluster,
  { source, namespace }: RemoteSecretSettings,
  { deadline, settled }: Patience = patience,
): Promise<void> {
  let since = Date.now();
  let last: State | undefined;
  const restarted = new Set<string>();
  const lasted = () => Date.now() - since >= settled;
  const { seen } = await until(
    async () => {
      const state = await lookAt(cluster, source, namespace);
      if (state.seen !== last?.seen) since = Date.now();
      last = state;
      const { stuck } = state;
      if (stuck !== undefined && lasted() && !restarted.has(stuck)) {
        restarted.add(stuck);
        await cluster.restart(namespace, stuck);
      }
      return state;
    },
    ({ good }) => good && lasted(),
    // Each look starts a process in every istiod.
    { deadline, interval: settled / 4 },
  );
  if (last?.good) return;
  throw new Error(
    `${seen} after ${deadline / 1000} s. Nothing was deleted, and a former token stays valid: check that istiod reaches the ` +
      `API server of ${source}, then run again`,
  );
}

async function lookAt(cluster: Cluster, source: string, namespace: string): Promise<State> {
  const bad = (seen: string, stuck?: string): State => ({ good: false, stuck, seen });
  const replicas = await istiodDebug(cluster, "/debug/clusterz", { namespace });
  if (replicas.length === 0) return bad(`no istiod is ready in ${namespace}`);
  for (const { pod, text } of replicas) {
    const status = parseClusterz(text).find(({ id, secretName }) => id === source && secretName !== "")?.syncStatus;
    if (status !== "synced")
      return bad(`${pod}: ${source} is ${status ?? "unknown"}`, status === "closed" ? istiodOf(pod) : undefined);
  }
  // After a token was replaced, istiod has been observed as synced but without endpoints (istio#61043).
  for (const { pod, text } of await istiodDebug(cluster, "/debug/endpointShardz", { namespace })) {
    if (endpointsByCluster(text)[source] === undefined) return bad(`${pod}: ${source} is synced, but has no endpoints`);
  }
  return { good: true, seen: `${source} is synced` };
}
