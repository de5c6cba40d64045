import type { Cluster } from "../kube/cluster.ts";
import { until } from "../kube/until.ts";
import { istiodOf } from "../mesh/nextIstiod.ts";
import { parseClusterz } from "./clusterz.ts";
import { istiodDebug } from "./debug.ts";
import { endpointsByCluster } from "./endpointShards.ts";
import type { RemoteSecretSettings } from "./remoteSecretInUse.ts";

/** Longest wait until istiod drops a cluster, in ms. It usually does so with its next push. */
const FORGETS_WITHIN = 30_000;

/**
 * Waits until no replica of a cluster's istiod knows another cluster or its endpoints any more. Releases with
 * istio#60920 may keep some. Then istiod is restarted once; proxies keep their configuration meanwhile.
 *
 * @param within longest wait, in ms, before and after a restart
 * @returns what istiod still knows at the end; undefined if nothing, or if no istiod runs
 */
export async function remoteSecretForgotten(
  cluster: Cluster,
  { source, namespace }: RemoteSecretSettings,
  signal?: AbortSignal,
  within = FORGETS_WITHIN,
): Promise<string | undefined> {
  const wait = () =>
    until(
      () => leftoverOf(cluster, source, namespace),
      (left) => left === undefined,
      {
        deadline: within,
        ...(signal && { signal }),
      },
    );
  // During an upgrade, a cluster has two istiods.
  const restarted = new Set<string>();
  for (;;) {
    const leftover = await wait();
    if (leftover === undefined || restarted.has(istiodOf(leftover.pod))) return leftover?.description;
    restarted.add(istiodOf(leftover.pod));
    await cluster.restart(namespace, istiodOf(leftover.pod));
  }
}

interface Leftover {
  /** Of istiod. */
  readonly pod: string;
  readonly description: string;
}

async function leftoverOf(cluster: Cluster, source: string, namespace: string): Promise<Leftover | undefined> {
  for (const { pod, text } of await istiodDebug(cluster, "/debug/clusterz", { namespace })) {
    if (parseClusterz(text).some(({ id }) => id === source))
      return { pod, description: `${pod} still watches ${source}` };
  }
  for (const { pod, text } of await istiodDebug(cluster, "/debug/endpointShardz", { namespace })) {
    const endpoints = endpointsByCluster(text)[source];
    if (endpoints !== undefined) {
      return { pod, description: `${pod} still has ${endpoints} endpoints of ${source}` };
    }
  }
  return undefined;
}
