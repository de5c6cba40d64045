import { CROSS_NETWORK_PORT } from "./gatewayOptions.ts";

/** A TCP port of a gateway's Service. */
export interface GatewayPort {
  readonly name: string;
  readonly port: number;
}

/** Readiness port of a gateway, which load balancers query. */
export const STATUS_PORT = 15021;

/** The ports in the guide, which firewalls between the clusters must allow. */
export const eastWestPorts = [
  { name: "status-port", port: STATUS_PORT },
  { name: "http2", port: 80 },
  { name: "https", port: 443 },
  { name: "tcp", port: 31400 },
  { name: "tls", port: CROSS_NETWORK_PORT },
  { name: "tls-istiod", port: 15012 },
  { name: "tls-webhook", port: 15017 },
] as const satisfies readonly GatewayPort[];

/** Ports of the gateway for callers outside the mesh. */
export const ingressPorts = [
  { name: "status-port", port: STATUS_PORT },
  { name: "http2", port: 80 },
  { name: "https", port: 443 },
] as const satisfies readonly GatewayPort[];

/** Kubernetes' default range of node ports (kube-apiserver, --service-node-port-range). */
export const NODE_PORTS = { first: 30_000, last: 32_767 } as const;

/** The options of a gateway that determine its Service's ports. */
export interface PortOptions {
  readonly ports?: readonly string[];
  readonly nodePorts?: Readonly<Record<string, number>>;
}

/** The selected ports in the gateway's order, with fixed node ports. */
export function chosenPorts(all: readonly GatewayPort[], { ports, nodePorts = {} }: PortOptions) {
  return all
    .filter(({ name }) => ports === undefined || ports.includes(name))
    .map((port) => {
      const nodePort = nodePorts[port.name];
      return { ...port, ...(nodePort !== undefined && { nodePort }) };
    });
}
