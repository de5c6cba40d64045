// Checks of load balancers that do not require creating one.
import { profiles } from "../../csp/profiles.ts";
import type { PortOptions } from "../../mesh/gatewayPorts.ts";
import { GATEWAY, INGRESS, SYSTEM_NAMESPACE } from "../../mesh/ownership.ts";
import type { Check } from "../cluster.ts";
import type { ClusterSettings } from "../settings.ts";

export interface Service {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec?: { readonly ports?: readonly { readonly nodePort?: number }[] };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

const OF_NODE_PORTS = "/api/v1/services?fieldSelector=spec.type%3DNodePort";
const OF_LOAD_BALANCERS = "/api/v1/services?fieldSelector=spec.type%3DLoadBalancer";

export const loadBalancer: Check = async ({ name: cluster, settings, list }, { istio }) => {
  const own = istio.externalGateways.filter((gateway) => gateway.cluster === cluster);
  const external = own.length === 0 ? undefined : own.map(({ address }) => address).join(", ");
  const services = await list<Service>(OF_LOAD_BALANCERS);
  const pending = pendingServices(services, external !== undefined);
  const wanted = fixedNodePorts(settings);
  const others = wanted.length === 0 ? [] : await list<Service>(OF_NODE_PORTS);
  const taken = takenNodePorts(wanted, [...services, ...others]);
  const { title, facts } = profiles[settings.csp];
  const address = facts.loadBalancer === "unknown" ? "unknown" : (facts.loadBalancer.value ?? "unknown");
  return [
    external === undefined
      ? { id: "loadBalancer", severity: "ok", cluster, address, provider: title }
      : { id: "externalAddress", severity: "ok", cluster, address: external },
    ...taken.map((each) => ({ id: "nodePortTaken", severity: "error", cluster, ...each }) as const),
    ...(pending.length === 0
      ? []
      : [{ id: "loadBalancersPending", severity: "warning", cluster, services: pending } as const]),
  ];
};

/**
 * Services that wait for an address, as `namespace/name`.
 *
 * @param isReachedOtherwise the east-west gateway has an address in the config, so its Service may stay pending
 */
export function pendingServices(services: readonly Service[], isReachedOtherwise: boolean): string[] {
  return services
    .filter(({ status }) => !status?.loadBalancer?.ingress?.length)
    .map(({ metadata: { name, namespace } }) => `${namespace}/${name}`)
    .filter((service) => !(isReachedOtherwise && service === `${SYSTEM_NAMESPACE}/${GATEWAY}`))
    .toSorted();
}

interface WantedNodePort {
  readonly port: number;
  readonly field: string;
}

/** Node ports that the config sets. */
function fixedNodePorts({ gateway, ingress }: ClusterSettings): WantedNodePort[] {
  const of = (field: string, { nodePorts = {} }: PortOptions) =>
    Object.values(nodePorts).map((port) => ({ port, field: `${field}.nodePorts` }));
  return [...of("gateway", gateway), ...(ingress ? of("ingress", ingress) : [])];
}

/** Node ports among them that other Services already use. */
function takenNodePorts(wanted: readonly WantedNodePort[], services: readonly Service[]) {
  const own = [GATEWAY, INGRESS].map((name) => `${SYSTEM_NAMESPACE}/${name}`);
  return services.flatMap(({ metadata: { name, namespace }, spec }) => {
    const service = `${namespace}/${name}`;
    if (own.includes(service)) return [];
    const ports = new Set((spec?.ports ?? []).map(({ nodePort }) => nodePort));
    return wanted.filter(({ port }) => ports.has(port)).map((each) => ({ ...each, service }));
  });
}
