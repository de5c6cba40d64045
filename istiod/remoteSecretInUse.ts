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
  /** In ms. */
  readonly deadline: number;
  /** How long a state has to last before it counts, in ms. */
  readonly settled: number;
}

/**
 * The deadline holds a restart of istiod and its own limit for a cluster's first sync, 30 s. A state has to last because
 * istiod reads a changed secret soon after the change, but not at once; from then on it shows the cluster as syncing.
 */
const patience: Patience = { deadline: 120_000, settled: 2_000 };

interface State {
  readonly good: boolean;
  /** Deployment of the istiod that has dropped the former watch and never begins the new one. */
  readonly stuck?: string | undefined;
  readonly seen: string;
}

/**
 * Waits until every replica of a cluster's istiod watches another cluster by what its remote secret holds now. Where
 * istiod is stuck with the former one, as it always is from 1.29.0 on until mended in that line (istio#59875), it is
 * restarted once, as by `kubectl rollout restart`: proxies keep what they know meanwhile.
 * @throws Error with the last state where istiod does not get there. Pulumi then deletes nothing, so a former token
 *   stays valid.
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
    { deadline },
  );
  if (last?.good) return;
  throw new Error(
    `${seen} after ${deadline / 1000} s. Nothing was deleted, a former token stays valid: see that istiod reaches the ` +
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
  // An exchanged token has left istiod synced and without endpoints before (istio#61043).
  for (const { pod, text } of await istiodDebug(cluster, "/debug/endpointShardz", { namespace })) {
    if (endpointsByCluster(text)[source] === undefined) return bad(`${pod}: ${source} is synced, but has no endpoints`);
  }
  return { good: true, seen: `${source} is synced` };
}
