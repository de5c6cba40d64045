import { DEFAULT_DOMAIN } from "./clusterDomain.ts";

/** Determines which clusters answer requests to the sample's `reviews`. */
export type SampleTrafficPolicy =
  | {
      readonly kind: "weights";
      /** Percentage of requests by version: `{ v1: 30, v2: 70 }`. */
      readonly weights: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: "failover";
      /** Number of retries of a failed request. */
      readonly retries: number;
      /** How long a pod or gateway that failed twice in a row gets no requests, in seconds. */
      readonly ejectSeconds: number;
    };

/** Host of `reviews` in Istio's configuration, the same in every cluster. */
export function reviewsHost(namespace: string, clusterDomain: string = DEFAULT_DOMAIN): string {
  return `reviews.${namespace}.svc.${clusterDomain}`;
}

/**
 * Spec of the DestinationRule for `reviews`. It always has a subset for each version, so that no VirtualService refers
 * to a missing subset when the policy changes.
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
    // Packets to a terminated pod may get no answer, and Istio's default timeout of 10 s is longer than most callers
    // wait.
    connectionPool: { tcp: { connectTimeout: "1s" } },
    loadBalancer: {
      // Fail over by cluster instead of region: nodes may have no region, or all the same one. Every endpoint has the
      // label of its cluster, even behind a gateway (istio pilot/pkg/xds/endpoints/ep_filters.go,
      // EndpointsByNetworkFilter).
      localityLbSetting: { enabled: true, failoverPriority: ["topology.istio.io/cluster"] },
    },
    // Without outlier detection, Istio ignores the setting above.
    outlierDetection: {
      consecutiveGatewayErrors: 2,
      // Errors of the application itself must not eject the pod.
      consecutive5xxErrors: 0,
      interval: "1s",
      baseEjectionTime: `${ejectSeconds}s`,
      maxEjectionPercent: 100,
    },
  };
}

/** Spec of the VirtualService for `reviews`, which applies to all callers in its cluster. */
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
                // Retry resets as well, for requests whose pod was killed. This is safe because `reviews` only reads.
                retryOn: "connect-failure,refused-stream,reset,gateway-error",
                // Without this, all retries go to the cluster that just failed, until outlier detection reacts.
                retryRemoteLocalities: true,
              },
      },
    ],
  };
}
