import { DEFAULT_DOMAIN } from "./clusterDomain.ts";

/** Who answers a request to the sample's `reviews`. */
export type SampleTrafficPolicy =
  | {
      readonly kind: "weights";
      /** Percentage of requests by version: `{ v1: 30, v2: 70 }`. */
      readonly weights: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: "failover";
      /** How often a request that failed is tried again. */
      readonly retries: number;
      /** How long a pod or a gateway that failed twice in a row is left alone, in seconds. */
      readonly ejectSeconds: number;
    };

/** Name of `reviews` in every cluster, as Istio's configuration writes it. */
export function reviewsHost(namespace: string, clusterDomain: string = DEFAULT_DOMAIN): string {
  return `reviews.${namespace}.svc.${clusterDomain}`;
}

/**
 * Spec of the DestinationRule of `reviews`. It has a subset for each version whatever the policy, so that a change of
 * policy never leaves a VirtualService with a subset that is not there.
 */
export function destinationRule(host: string, policy: SampleTrafficPolicy, versions: readonly string[]) {
  return {
    host,
    ...(policy.kind === "failover" && { trafficPolicy: failover(policy.ejectSeconds) }),
    subsets: versions.map((version) => ({ name: version, labels: { version } })),
  };
}

function failover(ejectSeconds: number) {
  return {
    // A pod that is gone may swallow what is sent to it; Istio's own limit of 10 s is longer than most callers wait.
    connectionPool: { tcp: { connectTimeout: "1s" } },
    loadBalancer: {
      // By cluster rather than by region: nodes may have no region or all the same one, but every endpoint has the label of
      // its cluster, those behind a gateway too (istio pilot/pkg/xds/endpoints/ep_filters.go, EndpointsByNetworkFilter).
      localityLbSetting: { enabled: true, failoverPriority: ["topology.istio.io/cluster"] },
    },
    // Without outlier detection Istio ignores the setting above.
    outlierDetection: {
      consecutiveGatewayErrors: 2,
      // What the application itself answers is no reason to leave it alone.
      consecutive5xxErrors: 0,
      interval: "1s",
      baseEjectionTime: `${ejectSeconds}s`,
      maxEjectionPercent: 100,
    },
  };
}

/** Spec of the VirtualService of `reviews`, for all callers of the cluster that it is in. */
export function virtualService(host: string, policy: SampleTrafficPolicy) {
  if (policy.kind === "weights") {
    const route = Object.entries(policy.weights).map(([subset, weight]) => ({ destination: { host, subset }, weight }));
    return { hosts: [host], http: [{ route }] };
  }
  const { retries: attempts } = policy;
  return {
    hosts: [host],
    http: [
      {
        route: [{ destination: { host } }],
        retries:
          attempts === 0
            ? { attempts }
            : {
                attempts,
                perTryTimeout: "2s",
                // With resets, since reviews only reads: a request whose pod was killed meanwhile is asked again.
                retryOn: "connect-failure,refused-stream,reset,gateway-error",
                // Otherwise every retry goes to the cluster that just failed, until outlier detection knows.
                retryRemoteLocalities: true,
              },
      },
    ],
  };
}
