import { DEFAULT_DOMAIN } from "./clusterDomain.ts";
import { CROSS_NETWORK_PORT } from "./gatewayOptions.ts";
import type { ExternalGateway, IstiodOptions } from "./istiodOptions.ts";
import { INGRESS, INGRESS_SELECTOR } from "./ownership.ts";
import { FORGOT_ROOT } from "./rootPhases.ts";
import type { Values } from "./values.ts";

/**
 * Name of the access log that shows the caller. It is active in namespaces with a Telemetry resource that selects it.
 */
export const CALLER_IDENTITY_LOG = "caller-identity";

export interface IstiodSettings {
  /** The cluster's name in the mesh. */
  readonly cluster: string;
  readonly network: string;
  readonly meshId: string;
  readonly trustDomain: string;
  /** DNS domain of the Services of every cluster. @default cluster.local */
  readonly clusterDomain?: string | undefined;
  /** Registry and tag of the images `pilot` and `proxyv2`. */
  readonly hub: string;
  readonly tag: string;
  /** Names of pull secrets for that registry, needed in every namespace with sidecars. @default none */
  readonly pullSecrets?: readonly { readonly name: string }[];
  readonly istiod: IstiodOptions;
  /** Of the second istiod while there are two. @default the default revision */
  readonly revision?: string | undefined;
  /** Whether it restarts to forget the former root, during a root rotation. @default false */
  readonly forgetsFormer?: boolean | undefined;
  /** Whether there is a gateway for callers outside the mesh. @default false */
  readonly ingress?: boolean;
  /** Gateways of the whole mesh that istiods cannot find through their Services. */
  readonly externalGateways: readonly ExternalGateway[];
}

/** Values of the chart `istiod` for a primary cluster in a mesh over several networks. */
export function istiodValues(settings: IstiodSettings): Values {
  const { cluster, network, meshId, trustDomain, hub, tag, pullSecrets = [], istiod, externalGateways } = settings;
  const { clusterDomain = DEFAULT_DOMAIN, ingress, revision, forgetsFormer } = settings;
  return {
    ...(revision !== undefined && { revision }),
    ...(forgetsFormer && { podLabels: { [FORGOT_ROOT]: "true" } }),
    global: {
      meshID: meshId,
      network,
      multiCluster: { clusterName: cluster },
      hub,
      tag,
      ...(clusterDomain === DEFAULT_DOMAIN ? {} : { proxy: { clusterDomain } }),
      // For istiod's own pods through its ServiceAccount, and by injection for every pod with a sidecar.
      ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: pullSecrets.map(({ name }) => name) }),
      ...(externalGateways.length === 0 ? {} : { meshNetworks: meshNetworks(externalGateways) }),
    },
    meshConfig: {
      trustDomain,
      // This setting and ISTIO_MULTIROOT_MESH are needed for a later root rotation, in which proxies must trust two
      // roots. The setting is injected into pods, so it must exist before them.
      defaultConfig: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: "true" } },
      extensionProviders: [callerIdentityLog],
      // By default istiod serves Ingress objects with `istio-ingressgateway`, which is the name of the east-west
      // gateway.
      ...(ingress && { ingressService: INGRESS, ingressSelector: INGRESS_SELECTOR }),
    },
    pilot: {
      env: { ISTIO_MULTIROOT_MESH: "true" },
      ...scale(istiod.replicas),
      ...(istiod.resources === undefined ? {} : { resources: istiod.resources }),
    },
    // The chart's default `minAvailable: 1` only suits two or more pods. For a single pod the chart creates no budget,
    // so drains are not blocked.
    pdb: { maxUnavailable: 1 },
  };
}

function scale(replicas: IstiodOptions["replicas"]): Values {
  if (typeof replicas === "number") return { autoscaleEnabled: false, replicaCount: replicas };
  const { min, max, targetCPU } = replicas;
  return { autoscaleEnabled: true, autoscaleMin: min, autoscaleMax: max, cpu: { targetAverageUtilization: targetCPU } };
}

/**
 * Gateways by network, in addition to those that istiod finds through their Services (istio.io/docs/reference/config,
 * MeshNetworks).
 */
function meshNetworks(gateways: readonly ExternalGateway[]): Values {
  return Object.fromEntries(
    gateways.map(({ network, cluster }) => {
      const own = gateways.filter((each) => each.network === network);
      const addresses = own.map(({ address }) => ({ address, port: CROSS_NETWORK_PORT }));
      return [network, { endpoints: [{ fromRegistry: cluster }], gateways: addresses }];
    }),
  );
}

/**
 * Writes one JSON line per request. On the answering side, `peer` is the SPIFFE identity in the caller's certificate,
 * `xfcc` is the header that the sidecar passed on, and `cluster` begins with `inbound|`.
 */
const callerIdentityLog = {
  name: CALLER_IDENTITY_LOG,
  envoyFileAccessLog: {
    path: "/dev/stdout",
    logFormat: {
      labels: {
        log: CALLER_IDENTITY_LOG,
        start: "%START_TIME%",
        peer: "%DOWNSTREAM_PEER_URI_SAN%",
        local: "%DOWNSTREAM_LOCAL_URI_SAN%",
        xfcc: "%REQ(X-FORWARDED-CLIENT-CERT)%",
        requestId: "%REQ(X-REQUEST-ID)%",
        agent: "%REQ(USER-AGENT)%",
        authority: "%REQ(:AUTHORITY)%",
        method: "%REQ(:METHOD)%",
        path: "%REQ(:PATH)%",
        code: "%RESPONSE_CODE%",
        flags: "%RESPONSE_FLAGS%",
        cluster: "%UPSTREAM_CLUSTER%",
        upstream: "%UPSTREAM_HOST%",
      },
    },
  },
} as const;
