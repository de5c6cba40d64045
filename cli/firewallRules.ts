// Incoming connections that a mesh needs in each cluster, in the form of security group rules. Pure.
import { BlockList } from "node:net";
import type { ClusterConfig } from "../config/parse.ts";
import { pathText } from "../config/problems.ts";
import { type Csp, profiles } from "../csp/profiles.ts";
import { CROSS_NETWORK_PORT } from "../mesh/gatewayOptions.ts";
import {
  chosenPorts,
  eastWestPorts,
  type GatewayPort,
  ingressPorts,
  NODE_PORTS,
  type PortOptions,
  STATUS_PORT,
} from "../mesh/gatewayPorts.ts";
import { bareHost } from "../mesh/hostPort.ts";
import type { ExternalGateway } from "../mesh/istiodOptions.ts";

const EVERYONE = ["0.0.0.0/0", "::/0"];

/** One rule of a security group: incoming TCP. */
export interface FirewallRule {
  readonly action: "allow" | "close";
  readonly at: "gateway" | "ingress" | "nodes" | "apiServer";
  /** Host name or IP, if the config gives it. */
  readonly address?: string;
  /** A port or a range of them. */
  readonly port: string;
  /** Source CIDRs; empty if the rule closes the port, or if they must be filled in. */
  readonly from: readonly string[];
  /** The party whose CIDRs must be filled in. */
  readonly fillIn?: FillIn;
  readonly reason: Reason;
}

/**
 * CIDRs that the config does not give: those of another cluster (with the field for them), the load balancer or the
 * control plane.
 */
export type FillIn =
  | { readonly of: "egressCidrs"; readonly cluster: string; readonly field: string }
  | { readonly of: "loadBalancer" }
  | { readonly of: "controlPlane" };

export type Reason =
  /** `refused`: CIDRs of the peer that the gateway's own sourceRanges exclude. */
  | { readonly id: "sidecars"; readonly peer: string; readonly refused: readonly string[] }
  /** `list`: provider's name for the list of addresses that may reach API servers. */
  | { readonly id: "istiod"; readonly peer: string; readonly list: string | undefined }
  | { readonly id: "healthChecks" }
  | { readonly id: "nodePorts" }
  | { readonly id: "webhook" }
  | { readonly id: "kubelet" }
  /** `field`: the config field that opens the port. */
  | { readonly id: "callers"; readonly field: string }
  | { readonly id: "everyone"; readonly field: string }
  | { readonly id: "noCallers"; readonly field: string }
  | { readonly id: "otherGateway" }
  | { readonly id: "noListener" }
  | { readonly id: "ownIstiod" }
  | { readonly id: "ownWebhook" };

export interface ClusterRules {
  readonly cluster: string;
  readonly csp: Csp;
  readonly rules: readonly FirewallRule[];
}

type Cluster = Pick<ClusterConfig, "name" | "csp" | "server" | "gateway" | "ingress" | "egressCidrs">;

/** @param externalGateways gateway addresses in the config */
export function firewallRules(
  clusters: readonly Cluster[],
  externalGateways: readonly Pick<ExternalGateway, "cluster" | "address">[],
): ClusterRules[] {
  return clusters.map((cluster) => {
    const { name, csp, server } = cluster;
    const peers = clusters.flatMap((peer, position) =>
      peer === cluster ? [] : { ...peer, from: origin(peer, position) },
    );
    const addresses = externalGateways.flatMap(({ cluster, address }) => (cluster === name ? [address] : []));
    const atGateway = { at: "gateway", ...(addresses.length > 0 && { address: addresses.join(", ") }) } as const;
    const has = (port: number) => portsOf(eastWestPorts, cluster.gateway).includes(port);
    const { hostname, port } = new URL(server);
    const { apiServerAccess } = profiles[csp].facts;
    const list = apiServerAccess === "unknown" ? undefined : (apiServerAccess.value ?? undefined);
    return {
      cluster: name,
      csp,
      rules: [
        ...peers.map(({ name: peer, from }): FirewallRule => {
          const { sourceRanges } = cluster.gateway;
          const refused = sourceRanges.length === 0 ? [] : outside(from.from, sourceRanges);
          return {
            action: "allow",
            ...atGateway,
            port: `${CROSS_NETWORK_PORT}`,
            ...from,
            reason: { id: "sidecars", peer, refused },
          };
        }),
        ...peers.map(
          ({ name: peer, from }): FirewallRule => ({
            action: "allow",
            at: "apiServer",
            address: bareHost(hostname),
            port: port || "443",
            ...from,
            reason: { id: "istiod", peer, list },
          }),
        ),
        ...(has(STATUS_PORT)
          ? [
              {
                action: "allow",
                ...atGateway,
                port: `${STATUS_PORT}`,
                ...ofLoadBalancer,
                reason: { id: "healthChecks" },
              } as const,
            ]
          : []),
        ...nodePortsOf(cluster).map(
          (port): FirewallRule => ({
            action: "allow",
            at: "nodes",
            port,
            ...ofLoadBalancer,
            reason: { id: "nodePorts" },
          }),
        ),
        { action: "allow", at: "nodes", port: "15017", ...ofControlPlane, reason: { id: "webhook" } },
        { action: "allow", at: "nodes", port: "10250", ...ofControlPlane, reason: { id: "kubelet" } },
        ...publicPorts(
          cluster,
          atGateway,
          peers.flatMap(({ from }) => from.from),
        ),
        ...CLOSED.filter(([port]) => has(port)).map(
          ([port, id]): FirewallRule => ({ action: "close", ...atGateway, port: `${port}`, from: [], reason: { id } }),
        ),
      ],
    };
  });
}

/** Ports of the gateway that no other cluster needs. */
const CLOSED = [
  [31400, "noListener"],
  [15012, "ownIstiod"],
  [15017, "ownWebhook"],
] as const;

const portsOf = (all: readonly GatewayPort[], options: PortOptions) =>
  chosenPorts(all, options).map(({ port }) => port);

/** The node ports, if all are fixed; otherwise the range from which Kubernetes selects them. */
function nodePortsOf({ gateway, ingress }: Cluster): string[] {
  const ports = [...chosenPorts(eastWestPorts, gateway), ...(ingress ? chosenPorts(ingressPorts, ingress) : [])];
  const fixed = ports.flatMap(({ nodePort }) => nodePort ?? []);
  return fixed.length === ports.length ? fixed.map(String) : [`${NODE_PORTS.first}-${NODE_PORTS.last}`];
}

const ofControlPlane = { from: [], fillIn: { of: "controlPlane" } } as const;
const ofLoadBalancer = { from: [], fillIn: { of: "loadBalancer" } } as const;

/** Source addresses of a cluster's pods: those of its nodes or of a NAT, for sidecars and istiods alike. */
export function origin(
  { name, egressCidrs }: Pick<Cluster, "name" | "egressCidrs">,
  index: number,
): Pick<FirewallRule, "from" | "fillIn"> {
  const field = pathText(["clusters", index, "egressCidrs"]);
  return egressCidrs ? { from: egressCidrs } : { from: [], fillIn: { of: "egressCidrs", cluster: name, field } };
}

/**
 * Ports for callers outside the mesh: the ingress gateway's or, without one, the east-west gateway's if its
 * sourceRanges contain other addresses than the peers'.
 */
function publicPorts(
  { gateway, ingress }: Cluster,
  atGateway: Pick<FirewallRule, "at" | "address">,
  peers: readonly string[],
): FirewallRule[] {
  const publicOf = (all: readonly GatewayPort[], options: PortOptions) =>
    portsOf(all, options)
      .filter((port) => port === 80 || port === 443)
      .map(String);
  const ports = publicOf(eastWestPorts, gateway);
  if (ingress) {
    const field = "ingress.sourceRanges";
    const [from, id] =
      ingress.sourceRanges.length > 0
        ? ([ingress.sourceRanges, "callers"] as const)
        : ([EVERYONE, "everyone"] as const);
    return [
      ...(portsOf(ingressPorts, ingress).includes(STATUS_PORT)
        ? [
            {
              action: "allow",
              at: "ingress",
              port: `${STATUS_PORT}`,
              ...ofLoadBalancer,
              reason: { id: "healthChecks" },
            } as const,
          ]
        : []),
      ...publicOf(ingressPorts, ingress).map(
        (port): FirewallRule => ({ action: "allow", at: "ingress", port, from, reason: { id, field } }),
      ),
      ...ports.map(
        (port): FirewallRule => ({ action: "close", ...atGateway, port, from: [], reason: { id: "otherGateway" } }),
      ),
    ];
  }
  const field = "gateway.sourceRanges";
  const from = outside(gateway.sourceRanges, peers);
  return ports.map((port) =>
    from.length > 0
      ? { action: "allow", ...atGateway, port, from, reason: { id: "callers", field } }
      : { action: "close", ...atGateway, port, from: [], reason: { id: "noCallers", field } },
  );
}

/** The CIDRs that none of the ranges contains. */
function outside(cidrs: readonly string[], ranges: readonly string[]): string[] {
  return cidrs.filter((cidr) => !ranges.some((range) => holds(range, cidr)));
}

function holds(range: string, cidr: string): boolean {
  const [outer, inner] = [network(range), network(cidr)];
  const list = new BlockList();
  list.addSubnet(outer.address, outer.prefix, outer.family);
  return outer.family === inner.family && outer.prefix <= inner.prefix && list.check(inner.address, inner.family);
}

function network(cidr: string) {
  const [address = "", prefix = ""] = cidr.split("/");
  return { address, prefix: Number(prefix), family: address.includes(":") ? ("ipv6" as const) : ("ipv4" as const) };
}
