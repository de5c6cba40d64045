// Envoy's configuration as a plain HTTP CONNECT proxy in the probe's pods, and the meaning of its errors.

import type { Unconnected } from "../mesh/unconnected.ts";

/** Envoy's port, which listens on the pod's loopback only. */
export const ENVOY_PORT = 15001;
/** Longest time for a connection attempt, in seconds. */
export const DIAL_SECONDS = 5;

const TYPE = "type.googleapis.com/envoy.extensions";
const http = `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`;
/** Envoy resolves names in the pod, so with the cluster's own DNS. */
const dnsCache = {
  name: "probe",
  dns_lookup_family: "V4_PREFERRED",
  dns_query_timeout: `${DIAL_SECONDS}s`,
};

/** Envoy's whole configuration. It contains no secret. */
export const bootstrap = {
  static_resources: {
    listeners: [
      {
        name: "connect",
        address: { socket_address: { address: "127.0.0.1", port_value: ENVOY_PORT } },
        filter_chains: [
          {
            filters: [
              {
                name: "http",
                typed_config: {
                  "@type": http,
                  stat_prefix: "probe",
                  codec_type: "HTTP1",
                  upgrade_configs: [{ upgrade_type: "CONNECT" }],
                  route_config: {
                    virtual_hosts: [
                      {
                        name: "all",
                        domains: ["*"],
                        routes: [
                          {
                            match: { connect_matcher: {} },
                            route: {
                              cluster: "anywhere",
                              timeout: "0s",
                              upgrade_configs: [{ upgrade_type: "CONNECT", connect_config: {} }],
                            },
                          },
                        ],
                      },
                    ],
                  },
                  http_filters: [
                    {
                      name: "forward",
                      typed_config: {
                        "@type": `${TYPE}.filters.http.dynamic_forward_proxy.v3.FilterConfig`,
                        dns_cache_config: dnsCache,
                      },
                    },
                    { name: "router", typed_config: { "@type": `${TYPE}.filters.http.router.v3.Router` } },
                  ],
                  local_reply_config: {
                    body_format: {
                      json_format: {
                        flags: "%RESPONSE_FLAGS%",
                        details: "%RESPONSE_CODE_DETAILS%",
                        transport: "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
                      },
                    },
                  },
                },
              },
            ],
          },
        ],
      },
    ],
    clusters: [
      {
        name: "anywhere",
        connect_timeout: `${DIAL_SECONDS}s`,
        lb_policy: "CLUSTER_PROVIDED",
        cluster_type: {
          name: "forward",
          typed_config: {
            "@type": `${TYPE}.clusters.dynamic_forward_proxy.v3.ClusterConfig`,
            dns_cache_config: dnsCache,
          },
        },
      },
    ],
  },
};

/** Linux errno values and texts: some versions of Envoy report numbers, others texts. */
const KINDS: readonly (readonly [RegExp, Unconnected])[] = [
  [/dns_resolution_failure|\bDF\b/, "nameUnknown"],
  [/connection[_ ]refused|(?<!\d)111(?!\d)/i, "refused"],
  [/connection[_ ]time(d[_ ]?)?out|(?<!\d)110(?!\d)/i, "silent"],
];

/** Interprets Envoy's refusal of a CONNECT. @param said body of the answer */
export function unconnected(said: string): { readonly kind: Unconnected; readonly said: string } {
  const kind = KINDS.find(([pattern]) => pattern.test(said))?.[1] ?? "unreachable";
  return { kind, said: reasonIn(said) };
}

function reasonIn(said: string): string {
  try {
    const { details, transport } = JSON.parse(said) as Record<string, string | null>;
    // Envoy writes underscores instead of spaces.
    return (transport || details || said).replaceAll("_", " ").trim();
  } catch {
    return said.trim();
  }
}
