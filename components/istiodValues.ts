import type { Values } from "./values.ts";

/** Name of the access log that shows who called: used by the namespaces whose Telemetry asks for it. */
export const CALLER_IDENTITY_LOG = "caller-identity";

export interface IstiodSettings {
  /** The cluster's name in the mesh. */
  readonly cluster: string;
  readonly network: string;
  readonly meshId: string;
  readonly trustDomain: string;
  /** Registry and tag of the images `pilot` and `proxyv2`. */
  readonly hub: string;
  readonly tag: string;
}

/** Values of the chart `istiod` that make a cluster a primary of a mesh over several networks. */
export function istiodValues({ cluster, network, meshId, trustDomain, hub, tag }: IstiodSettings): Values {
  return {
    global: { meshID: meshId, network, multiCluster: { clusterName: cluster }, hub, tag },
    meshConfig: {
      trustDomain,
      // Both this and ISTIO_MULTIROOT_MESH are for the day the root is exchanged, when proxies must trust the old and the
      // new one. It is injected into pods, so it has to be there before them.
      defaultConfig: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: "true" } },
      extensionProviders: [callerIdentityLog],
    },
    pilot: { env: { ISTIO_MULTIROOT_MESH: "true" } },
  };
}

/**
 * One JSON line for each request. On the answering side `peer` is the SPIFFE identity in the certificate that the caller
 * showed, `xfcc` what the sidecar passed on of it, and `cluster` begins with `inbound|`.
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
