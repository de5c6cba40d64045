/**
 * Number of endpoints by cluster in an answer of /debug/endpointShardz, which is nested by service, namespace and
 * shard. Clusters without endpoints are left out.
 */
export function endpointsByCluster(text: string): Readonly<Record<string, number>> {
  const services: Record<string, Record<string, { Shards?: Record<string, unknown[] | null> }>> = JSON.parse(text);
  const counts: Record<string, number> = {};
  for (const { Shards } of Object.values(services).flatMap((namespaces) => Object.values(namespaces))) {
    for (const [shard, endpoints] of Object.entries(Shards ?? {})) {
      const [, cluster] = /^Kubernetes\/(.+)$/.exec(shard) ?? [];
      if (cluster !== undefined && endpoints?.length) counts[cluster] = (counts[cluster] ?? 0) + endpoints.length;
    }
  }
  return counts;
}
