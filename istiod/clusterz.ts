/** A cluster as istiod knows it: DebugInfo in istio pkg/cluster/debug.go. */
export interface KnownCluster {
  readonly id: string;
  /** namespace/name of the remote secret; empty for istiod's own cluster. */
  readonly secretName: string;
  /** synced, syncing, timeout or closed: istio pkg/kube/multicluster/cluster.go. */
  readonly syncStatus: string;
}

/** Reads the answer of /debug/clusterz. @throws Error with the answer's beginning where it is something else. */
export function parseClusterz(text: string): readonly KnownCluster[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every(isKnownCluster)) return list;
  } catch {
    // Reported below, like any other answer that is not one of clusterz.
  }
  throw new Error(`not an answer of /debug/clusterz: ${JSON.stringify(text.slice(0, 100))}`);
}

function isKnownCluster(entry: unknown): entry is KnownCluster {
  const { id, secretName, syncStatus } = (entry ?? {}) as Record<string, unknown>;
  return [id, secretName, syncStatus].every((field) => typeof field === "string");
}
