import type { Cluster } from "../kube/cluster.ts";

/** Answer of one istiod replica. */
export interface DebugAnswer {
  readonly pod: string;
  readonly text: string;
}

/**
 * The command runs inside the pod, because istiod's debug endpoints trust localhost only
 * (allowAuthenticatedOrLocalhost).
 * @param path such as /debug/clusterz
 */
export const debugCommand = (path: string): readonly string[] => ["pilot-discovery", "request", "GET", path];

/**
 * Requests a debug page from every ready replica of a cluster's istiod.
 * @param path such as /debug/clusterz
 * @throws Error that names pod, cluster and page, if a replica does not answer
 */
export async function istiodDebug(
  cluster: Cluster,
  path: string,
  { namespace = "istio-system", signal }: { readonly namespace?: string; readonly signal?: AbortSignal } = {},
): Promise<readonly DebugAnswer[]> {
  const pods = (await cluster.pods(namespace, "app=istiod")).filter((pod) => pod.ready);
  return Promise.all(
    pods.map(async (pod) => {
      const command = debugCommand(path);
      const { stdout, stderr, exitCode } = await cluster.exec(pod, "discovery", command, { timeout: 10_000, signal });
      if (exitCode === 0) return { pod: pod.name, text: stdout };
      throw new Error(`${pod.name} in ${cluster.name}: ${path.replace("/debug/", "")} failed: ${stderr.trim()}`);
    }),
  );
}
