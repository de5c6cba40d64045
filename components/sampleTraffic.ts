import * as pulumi from "@pulumi/pulumi";
import { destinationRule, reviewsHost, type SampleTrafficPolicy, virtualService } from "../mesh/trafficRules.ts";
import * as k8s from "./kubernetes.ts";

export interface SampleTrafficArgs {
  readonly traffic: SampleTrafficPolicy;
  /** Version of `reviews` by cluster: `{ ncloud: "v1", nhn: "v2" }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** DNS domain of the Services of every cluster. @default cluster.local */
  readonly clusterDomain?: string;
  readonly clusters: readonly {
    /** The cluster's name in the mesh. */
    readonly name: string;
    readonly provider: k8s.Provider;
    /** Namespace of its sample. */
    readonly namespace: pulumi.Input<string>;
    /** istiod is ready: its webhook validates the rules. */
    readonly istiod: pulumi.Resource;
    /** Istio's CRDs are installed. */
    readonly definitions: pulumi.Resource;
  }[];
}

/**
 * Traffic rules for the sample. They are the same in every cluster, because the caller's cluster applies them, and
 * gateways know a subset only from their own DestinationRule. Therefore all DestinationRules are created before any
 * VirtualService refers to a subset, and are deleted after the last one.
 */
export class SampleTraffic extends pulumi.ComponentResource {
  constructor(name: string, args: SampleTrafficArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:SampleTraffic", name, {}, opts);
    const { traffic, clusters, clusterDomain } = args;
    const versions = [...new Set(Object.values(args.versions))];

    const rule = (kind: string, spec: (host: string) => object, dependsOn: pulumi.Resource[]) =>
      clusters.map(
        ({ name: cluster, provider, namespace, istiod, definitions }) =>
          new k8s.CustomResource(
            `${cluster}-reviews-${kind === "DestinationRule" ? "destination" : "route"}`,
            {
              apiVersion: "networking.istio.io/v1",
              kind,
              metadata: { name: "reviews", namespace },
              spec: pulumi.output(namespace).apply((sample) => spec(reviewsHost(sample, clusterDomain))),
            },
            { parent: this, provider, dependsOn: [istiod, definitions, ...dependsOn] },
          ),
      );
    const destinations = rule("DestinationRule", (host) => destinationRule(host, traffic, versions), []);
    rule("VirtualService", (host) => virtualService(host, traffic), destinations);

    this.registerOutputs();
  }
}
