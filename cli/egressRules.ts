// Outgoing connections that a mesh needs from each cluster, for networks that restrict them. Pure.
import type { ClusterConfig, MeshConfig } from "../config/parse.ts";
import { CROSS_NETWORK_PORT } from "../mesh/gatewayOptions.ts";
import { bareHost } from "../mesh/hostPort.ts";
import { type FirewallRule, origin } from "./firewallRules.ts";

/** An outgoing TCP connection from a cluster's nodes or the NAT in front of them. */
export interface EgressRule extends Pick<FirewallRule, "from" | "fillIn"> {
  readonly to: "gateway" | "apiServer" | "registry";
  /** The other cluster; undefined for a registry. */
  readonly peer?: string;
  /** Host name or IP; undefined for a gateway whose address is not known yet. */
  readonly address?: string | undefined;
  readonly port: string;
}

export interface ClusterEgress {
  readonly cluster: string;
  readonly rules: readonly EgressRule[];
}

type Settings = Pick<MeshConfig, "sample"> & { readonly istio: Pick<MeshConfig["istio"], "hub"> };

/** @param gateways known addresses of the clusters' gateways */
export function egressRules(
  clusters: readonly Pick<ClusterConfig, "name" | "server" | "egressCidrs">[],
  gateways: ReadonlyMap<string, string>,
  { istio, sample }: Settings,
): ClusterEgress[] {
  const images = [istio.hub, ...(sample.enabled ? Object.values(sample.images) : [])];
  return clusters.map((cluster, position) => {
    const from = origin(cluster, position);
    const peers = clusters.filter((peer) => peer !== cluster);
    return {
      cluster: cluster.name,
      rules: [
        ...peers.map(
          ({ name: peer }): EgressRule => ({
            ...{ to: "gateway", peer, ...from },
            address: gateways.get(peer),
            port: `${CROSS_NETWORK_PORT}`,
          }),
        ),
        ...peers.map(({ name: peer, server }): EgressRule => {
          const { hostname, port } = new URL(server);
          return { to: "apiServer", peer, ...from, address: bareHost(hostname), port: port || "443" };
        }),
        ...[...new Set(images.map(registryOf))].map((registry): EgressRule => {
          const { hostname, port } = new URL(`https://${registry}`);
          return { to: "registry", ...from, address: bareHost(hostname), port: port || "443" };
        }),
      ],
    };
  });
}

/** Registry host of an image, or of a prefix of images, by the rules of container runtimes. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}
