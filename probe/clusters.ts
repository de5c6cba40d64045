// The probe's settings of each cluster, from the config.

import type { Csp } from "../csp/profiles.ts";
import { profiles } from "../csp/profiles.ts";
import { type Placement, withPlacement } from "../mesh/podParts.ts";
import type { ProbeClusterOf } from "./probe.ts";

/** @template Text type of texts that may be secret: a kubeconfig, or a URL with a login */
export type ConfiguredCluster<Text> = Omit<ProbeClusterOf<Text>, "accessList" | "gatewayAddresses" | "pods"> & {
  readonly pods: Placement;
  readonly csp: Csp;
};

/** @param external gateway addresses in the config */
export function probeClusters<Text>(
  clusters: readonly ConfiguredCluster<Text>[],
  external: readonly { readonly cluster: string; readonly address: string }[],
): ProbeClusterOf<Text>[] {
  return clusters.map(
    ({ name, position, csp, kubeconfig, context, server, tlsServerName, caBundle, proxyUrl, egressCidrs, pods }) => {
      const own = external.filter(({ cluster }) => cluster === name);
      const placed = withPlacement(pods);
      const { apiServerAccess } = profiles[csp].facts;
      return {
        name,
        position,
        kubeconfig,
        context,
        server,
        tlsServerName,
        caBundle,
        proxyUrl,
        egressCidrs,
        accessList: apiServerAccess === "unknown" ? undefined : (apiServerAccess.value ?? undefined),
        gatewayAddresses: own.length === 0 ? undefined : own.map(({ address }) => address),
        ...(Object.keys(placed).length > 0 && { pods: placed }),
      };
    },
  );
}

/** Istio's image, which the probe's pods use. */
export const proxyImage = ({ hub, tag }: { readonly hub: string; readonly tag: string }) => `${hub}/proxyv2:${tag}`;
