// What can be told of load balancers without making one.
import { profiles } from "../../csp/profiles.ts";
import { GATEWAY, SYSTEM_NAMESPACE } from "../../mesh/ownership.ts";
import type { Check } from "../cluster.ts";

export interface Service {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

const OF_LOAD_BALANCERS = "/api/v1/services?fieldSelector=spec.type%3DLoadBalancer";

export const loadBalancer: Check = async ({ name: cluster, settings, list }, { istio }) => {
  const external = istio.externalGateways.find((gateway) => gateway.cluster === cluster)?.address;
  const services = await list<Service>(OF_LOAD_BALANCERS);
  const pending = pendingServices(services, external !== undefined);
  const { title, facts } = profiles[settings.csp];
  const address = facts.loadBalancer === "unknown" ? "unknown" : (facts.loadBalancer.value ?? "unknown");
  return [
    external === undefined
      ? { id: "loadBalancer", severity: "ok", cluster, address, provider: title }
      : { id: "externalAddress", severity: "ok", cluster, address: external },
    ...(pending.length === 0
      ? []
      : [{ id: "loadBalancersPending", severity: "warning", cluster, services: pending } as const]),
  ];
};

/**
 * Those that wait for an address, as `namespace/name`.
 *
 * @param isReachedOtherwise nobody waits for that of the gateway between networks
 */
export function pendingServices(services: readonly Service[], isReachedOtherwise: boolean): string[] {
  return services
    .filter(({ status }) => !status?.loadBalancer?.ingress?.length)
    .map(({ metadata: { name, namespace } }) => `${namespace}/${name}`)
    .filter((service) => !(isReachedOtherwise && service === `${SYSTEM_NAMESPACE}/${GATEWAY}`))
    .toSorted();
}
