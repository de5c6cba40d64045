import { anywhere, type Placement } from "./podParts.ts";

/** Port for traffic between networks: Istio's default, and that of the guide's firewall rules. */
export const CROSS_NETWORK_PORT = 15443;

/** Requests and limits of a container, as Kubernetes quantities: `100m` is a tenth of a core, `128Mi` are 128 mebibytes. */
export interface ContainerResources {
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
  readonly limits?: { readonly cpu?: string; readonly memory?: string };
}

/** Limits for the number of pods that a HorizontalPodAutoscaler sets. Needs metrics-server in the cluster. */
export interface Autoscaling {
  readonly min: number;
  readonly max: number;
  /** Target for the pods' average CPU usage, in percent of their requests. */
  readonly targetCPU: number;
}

/** Settings that may differ between gateways. */
export interface GatewayOptions extends Placement {
  readonly autoscaling: Autoscaling;
  readonly resources: ContainerResources;
  /** Annotations of the Service. Providers read most of them only when they create the load balancer. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Names of the Service's ports. @default all possible ports */
  readonly ports?: readonly string[];
  /** Node ports by port name. @default Kubernetes selects free ones */
  readonly nodePorts?: Readonly<Record<string, number>>;
  /** Selects the load balancer controller. @default the one for Services without a class */
  readonly loadBalancerClass?: string;
  /** @default Kubernetes' own: one address family, the cluster's first */
  readonly ipFamilyPolicy?: "SingleStack" | "PreferDualStack" | "RequireDualStack";
  /** CIDRs that may connect (`loadBalancerSourceRanges`). Empty allows all. */
  readonly sourceRanges: readonly string[];
  /** `Local` preserves the client's address, and needs a pod on each node to which the load balancer forwards. */
  readonly externalTrafficPolicy: "Cluster" | "Local";
  /** Seconds in which a terminating pod finishes open requests, because other proxies keep connections to it. */
  readonly drainSeconds: number;
}

/** The values in Istio's charts for gateways and istiod, and in the guide. */
export const defaultAutoscaling: Autoscaling = { min: 1, max: 5, targetCPU: 80 };

/**
 * One gateway pod as in Istio's chart, more under load, without source restrictions. The drain time is Istio's
 * (`terminationDrainDuration`).
 */
export const defaultGateway: GatewayOptions = {
  autoscaling: defaultAutoscaling,
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "2000m", memory: "1024Mi" } },
  annotations: {},
  sourceRanges: [],
  externalTrafficPolicy: "Cluster",
  drainSeconds: 5,
  ...anywhere,
};
