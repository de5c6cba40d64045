import { type Autoscaling, type ContainerResources, defaultAutoscaling } from "./gatewayOptions.ts";

/** Number and resources of a cluster's istiods. */
export interface IstiodOptions {
  /** A fixed number, or the limits of an autoscaler. */
  readonly replicas: number | Autoscaling;
  /** @default the chart's own: requests 500m and 2 GiB */
  readonly resources?: ContainerResources | undefined;
}

/** Requests of istiod in Istio's chart. */
export const istiodRequests = { cpu: "500m", memory: "2048Mi" };

/** The values in Istio's chart. */
export const defaultIstiod: IstiodOptions = { replicas: defaultAutoscaling };

/**
 * An address of a network's gateway that is not in its Service's status. A gateway may have one for each address
 * family.
 */
export interface ExternalGateway {
  readonly network: string;
  /** Name of the network's cluster in the mesh. */
  readonly cluster: string;
  /** Hostname, which istiod resolves, or IP without brackets. */
  readonly address: string;
}
