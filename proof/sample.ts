import type { Cluster, Pod } from "../kube/cluster.ts";
import type { CheckContext } from "./check.ts";

/** The callers: pods with a shell and curl, and the service account of the same name. */
export const caller = "sleep";
/** The called: answers with the name of its pod. */
export const callee = "reviews";
/** Service accounts, by app. */
export const accounts = { [caller]: "sleep", [callee]: "bookinfo-reviews" } as const;
export const sidecar = "istio-proxy";
/** The one name under which the callees of all clusters are asked. */
export const calleeUrl = (namespace: string) => `http://${callee}.${namespace}:9080/reviews/1`;

/** Ready pods of one of the sample's apps. @throws Error where there is none. */
export async function readyPods(cluster: Cluster, namespace: string, app: string): Promise<readonly [Pod, ...Pod[]]> {
  const [first, ...more] = (await cluster.pods(namespace, `app=${app}`)).filter((pod) => pod.ready);
  if (!first) throw new Error(`cluster ${cluster.name}: no pod of app=${app} in namespace ${namespace} is ready`);
  return [first, ...more];
}

/** Which cluster each of the answering pods is in, by pod name. Versions would not tell: with more than three clusters they repeat. */
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
