/** A cluster that istiod knows: DebugInfo in istio pkg/cluster/debug.go. */
export interface KnownCluster {
  readonly id: string;
  /** `namespace/name` of the remote secret; empty for istiod's own cluster. */
  readonly secretName: string;
  /** synced, syncing, timeout or closed: istio pkg/kube/multicluster/cluster.go. */
  readonly syncStatus: string;
}

/** Parses an answer of /debug/clusterz. @throws Error with the beginning of the answer, if it is something else */
export function parseClusterz(text: string): readonly KnownCluster[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every(isKnownCluster)) return list;
  } catch {
    // The error below reports this, like any other invalid answer.
  }
  throw new Error(`not an answer of /debug/clusterz: ${JSON.stringify(text.slice(0, 100))}`);
}

function isKnownCluster(entry: unknown): entry is KnownCluster {
  const { id, secretName, syncStatus } = (entry ?? {}) as Record<string, unknown>;
  return [id, secretName, syncStatus].every((field) => typeof field === "string");
}
