import { isOfOneNetwork, isThisMachine } from "./farHosts.ts";
import { isGone } from "./gone.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { problem } from "./problems.ts";

interface Cluster {
  readonly name: string;
  readonly state: string;
  readonly apiServer?: string | undefined;
  readonly tlsServerName?: string | undefined;
  readonly caBundle?: string | undefined;
}

interface ReachableCluster extends Cluster {
  /** URL by which the others reach it. */
  readonly server: string;
}

type Accesses = readonly (ClusterAccess | undefined)[];

/**
 * Clusters as the others reach them: without an address in the config, by the server and server name in the kubeconfig.
 */
export const withServerUrls = (clusters: readonly Cluster[], accesses: Accesses): ReachableCluster[] =>
  clusters.map((cluster, index) => ({
    ...cluster,
    ...(cluster.apiServer === undefined && { tlsServerName: accesses[index]?.tlsServerName }),
    server: cluster.apiServer ?? accesses[index]?.server ?? "",
  }));

/**
 * Problems for clusters that the others' istiods cannot reach or verify, according to the config and the kubeconfigs.
 *
 * @param accesses access from this machine, in the same order
 */
export function unreachableServers(clusters: readonly ReachableCluster[], accesses: Accesses): string[] {
  if (clusters.filter((cluster) => !isGone(cluster)).length < 2) return [];
  return clusters.flatMap((cluster, index) => {
    if (isGone(cluster)) return [];
    const found: [path: string[], message: string][] = [];
    const isOwn = cluster.apiServer === undefined;
    const host = URL.parse(cluster.server)?.hostname ?? "";
    if (isThisMachine(host))
      found.push([
        ["apiServer"],
        isOwn
          ? "is missing: the server in the kubeconfig is local to this machine, so no other cluster can reach it; give the address at which the others reach it, such as https://203.0.113.7:6443"
          : "is an address by which each cluster reaches only itself; give the address at which the others reach it, such as https://203.0.113.7:6443",
      ]);
    else if (isOfOneNetwork(host))
      found.push([
        ["apiServer"],
        `${isOwn ? "is missing: the server in the kubeconfig has" : "is"} a link-local or multicast address, which other networks cannot reach; give the address at which the other clusters reach it, such as https://203.0.113.7:6443`,
      ]);
    else if (isOwn && accesses[index]?.isUnverified && cluster.caBundle === undefined)
      found.push([
        ["caBundle"],
        'is missing: the kubeconfig does not verify its server (insecure-skip-tls-verify), but the other clusters must; give the CA of that server\'s certificate, or "public" for a public one',
      ]);
    return found.map(([path, message]) => problem(["clusters", index, ...path], message));
  });
}
