import { CROSS_NETWORK_PORT } from "./gatewayOptions.ts";

/** A port of a gateway's Service, TCP. */
export interface GatewayPort {
  readonly name: string;
  readonly port: number;
}

/** On which a gateway says whether it is ready: load balancers ask there. */
export const STATUS_PORT = 15021;

/** The guide's: what a firewall between the clusters lets through. */
export const eastWestPorts = [
  { name: "status-port", port: STATUS_PORT },
  { name: "http2", port: 80 },
  { name: "https", port: 443 },
  { name: "tcp", port: 31400 },
  { name: "tls", port: CROSS_NETWORK_PORT },
  { name: "tls-istiod", port: 15012 },
  { name: "tls-webhook", port: 15017 },
] as const satisfies readonly GatewayPort[];

/** Of the gateway for callers outside the mesh. */
export const ingressPorts = [
  { name: "status-port", port: STATUS_PORT },
  { name: "http2", port: 80 },
  { name: "https", port: 443 },
] as const satisfies readonly GatewayPort[];

/** Kubernetes' own range of node ports (kube-apiserver, --service-node-port-range). */
export const NODE_PORTS = { first: 30_000, last: 32_767 } as const;

/** What of a gateway's options decides its Service's ports. */
export interface PortOptions {
  readonly ports?: readonly string[];
  readonly nodePorts?: Readonly<Record<string, number>>;
}

/** The ports that options choose of all that a gateway may have, in its order, with the node ports that are fixed. */
export function chosenPorts(all: readonly GatewayPort[], { ports, nodePorts = {} }: PortOptions) {
  return all
    .filter(({ name }) => ports === undefined || ports.includes(name))
    .map((port) => {
      const nodePort = nodePorts[port.name];
      return { ...port, ...(nodePort !== undefined && { nodePort }) };
    });
}
