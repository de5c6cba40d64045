import type { Cluster, Pod } from "../kube/cluster.ts";
import type { CheckContext } from "./check.ts";

/** Name of the calling app, whose pods have a shell and curl, and of its service account. */
export const caller = "sleep";
/** Name of the called app, which answers with the name of its pod. */
export const callee = "reviews";
/** Service accounts, by app. */
export const accounts = { [caller]: "sleep", [callee]: "bookinfo-reviews" } as const;
export const sidecar = "istio-proxy";
/** The service name under which the pods of all clusters are called. */
export const calleeUrl = (namespace: string) => `http://${callee}.${namespace}:9080/reviews/1`;

/** Ready pods of one of the sample's apps. @throws Error if no pod is ready */
export async function readyPods(cluster: Cluster, namespace: string, app: string): Promise<readonly [Pod, ...Pod[]]> {
  const [first, ...more] = (await cluster.pods(namespace, `app=${app}`)).filter((pod) => pod.ready);
  if (!first) throw new Error(`cluster ${cluster.name}: no pod of app=${app} in namespace ${namespace} is ready`);
  return [first, ...more];
}

/**
 * Maps the answering pods' names to clusters. Versions would not identify a cluster: with more than three clusters they
 * repeat.
 */
export async function clustersByPod({
  clusters,
  namespace,
}: Pick<CheckContext, "clusters" | "namespace">): Promise<ReadonlyMap<string, string>> {
  const pods = await Promise.all(
    clusters.map(async (cluster) =>
      (await cluster.pods(namespace, `app=${callee}`)).map((pod): [string, string] => [pod.name, cluster.name]),
    ),
  );
  return new Map(pods.flat());
}
