import { anywhere, type Placement } from "./podParts.ts";

/** Port on which the networks reach each other: Istio's own default, and that of the guide's firewall rules. */
export const CROSS_NETWORK_PORT = 15443;

/** Requests and limits of a container, as Kubernetes quantities: `100m` is a tenth of a core, `128Mi` are 128 mebibytes. */
export interface ContainerResources {
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
  readonly limits?: { readonly cpu?: string; readonly memory?: string };
}

/** Bounds within which a HorizontalPodAutoscaler keeps the number of pods. Needs metrics-server in the cluster. */
export interface Autoscaling {
  readonly min: number;
  readonly max: number;
  /** Mean CPU of the pods that is aimed at, in percent of what they request. */
  readonly targetCPU: number;
}

/** What may differ between gateways. */
export interface GatewayOptions extends Placement {
  readonly autoscaling: Autoscaling;
  readonly resources: ContainerResources;
  /** Annotations of the Service. Providers read most of them only when they make the load balancer. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Names of the Service's ports. @default all that the gateway may have */
  readonly ports?: readonly string[];
  /** Node ports by the port's name. @default Kubernetes takes free ones */
  readonly nodePorts?: Readonly<Record<string, number>>;
  /** Which of the cluster's controllers makes the load balancer. @default the one without a class */
  readonly loadBalancerClass?: string;
  /** @default Kubernetes': one address family, the cluster's first */
  readonly ipFamilyPolicy?: "SingleStack" | "PreferDualStack" | "RequireDualStack";
  /** CIDRs that may come in: `loadBalancerSourceRanges`. None means everyone. */
  readonly sourceRanges: readonly string[];
  /** `Local` keeps the caller's address and needs a pod on each node that the load balancer asks. */
  readonly externalTrafficPolicy: "Cluster" | "Local";
  /** Seconds in which a pod that goes serves what it has begun: proxies that know it still keep their connections to it. */
  readonly drainSeconds: number;
}

/** As in Istio's charts for gateways and istiod, and in the guide. */
export const defaultAutoscaling: Autoscaling = { min: 1, max: 5, targetCPU: 80 };

/** One gateway pod as in Istio's chart, more when it is busy, open to everyone; drained as Istio does (`terminationDrainDuration`). */
export const defaultGateway: GatewayOptions = {
  autoscaling: defaultAutoscaling,
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "2000m", memory: "1024Mi" } },
  annotations: {},
  sourceRanges: [],
  externalTrafficPolicy: "Cluster",
  drainSeconds: 5,
  ...anywhere,
};
