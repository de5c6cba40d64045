import { type Autoscaling, type ContainerResources, defaultAutoscaling } from "./gatewayOptions.ts";

/** How many istiods a cluster runs, and how large. */
export interface IstiodOptions {
  /** A fixed number, or the bounds of an autoscaler. */
  readonly replicas: number | Autoscaling;
  /** @default the chart's own: 500m and 2 GiB requested */
  readonly resources?: ContainerResources | undefined;
}

/** What an istiod requests in Istio's chart. */
export const istiodRequests = { cpu: "500m", memory: "2048Mi" };

/** As in Istio's chart. */
export const defaultIstiod: IstiodOptions = { replicas: defaultAutoscaling };

/** An address of a network's gateway that its Service does not tell; a gateway may have one of each address family. */
export interface ExternalGateway {
  readonly network: string;
  /** The cluster of that network, by its name in the mesh. */
  readonly cluster: string;
  /** Hostname, which istiod resolves itself, or IP, without brackets. */
  readonly address: string;
}
