// Finds users of Cilium's layer 7 proxy, which Istio requires to be disabled. Pure.
// With enable-l7-proxy=false
// - agents refuse policies with layer 7 rules: "L7 policy is not supported since L7 proxy is not enabled"
// (pkg/policy/api/rule_validation.go in cilium/cilium, https://github.com/cilium/cilium/issues/9518);
// - the DNS proxy does not start (daemon/cmd/fqdn.go), so toFQDNs matches no address, and the connections that it
// allowed are dropped;
// - Ingress, Gateway API and Envoy configs have no effect (https://github.com/cilium/cilium/issues/22535), and agents
// of some releases panic on them, in all nodes of a cluster (https://github.com/cilium/cilium/issues/22667 and 21354;
// secrets synchronised to Envoy: https://github.com/cilium/cilium/pull/37348). Cilium's chart refuses the combination
// (https://github.com/cilium/cilium/pull/25215).
import type { Entries } from "./ciliumSettings.ts";

export const CILIUM_API = "cilium.io/v2";

/** Kinds whose objects may use it, with their plural names. */
export const L7_KINDS: Entries = {
  CiliumNetworkPolicy: "ciliumnetworkpolicies",
  CiliumClusterwideNetworkPolicy: "ciliumclusterwidenetworkpolicies",
  CiliumEnvoyConfig: "ciliumenvoyconfigs",
  CiliumClusterwideEnvoyConfig: "ciliumclusterwideenvoyconfigs",
};

/** Keys of `cilium-config` that require it. */
const SWITCHES = ["enable-gateway-api", "enable-ingress-controller", "enable-envoy-config"];

/** Annotation of a pod whose connections go through the proxy, up to Cilium 1.15. */
const VISIBILITY = "policy.cilium.io/proxy-visibility";

/** Parts of a port's rule that redirect its connections to the proxy. */
const PORT_PARTS = ["listener", "serverNames", "terminatingTLS", "originatingTLS"];

/**
 * The fields of a pod, or of an object of one of {@link L7_KINDS}, that the program reads. A policy has `spec`, `specs`
 * or both.
 */
export interface L7Object {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Entries };
  readonly spec?: unknown;
  readonly specs?: unknown;
}

interface Direction {
  readonly toPorts?: readonly (Readonly<Record<string, unknown>> & {
    readonly rules?: Readonly<Record<string, unknown>>;
  })[];
  readonly toFQDNs?: readonly unknown[];
}
interface Rule {
  readonly ingress?: readonly Direction[];
  readonly egress?: readonly Direction[];
}

/**
 * Users of the proxy, one line each: `CiliumNetworkPolicy shop/front: http`, `cilium-config: enable-gateway-api`.
 *
 * @param data entries of `cilium-config`
 */
export function l7InUse(data: Entries, objects: readonly L7Object[]): string[] {
  const switches = SWITCHES.filter((key) => data[key] === "true").map((key) => `cilium-config: ${key}`);
  const used = objects.flatMap((object) => {
    const { kind, metadata } = object;
    const name = `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ""}${metadata.name}`;
    if (kind.endsWith("EnvoyConfig")) return [name];
    if (kind === "Pod") return metadata.annotations?.[VISIBILITY] ? [`${name}: ${VISIBILITY}`] : [];
    const parts = l7Parts(object);
    return parts.length > 0 ? [`${name}: ${parts.join(", ")}`] : [];
  });
  return [...switches, ...used.toSorted()];
}

/** Names of a policy's parts that need the proxy, such as `http` or `toFQDNs`. */
function l7Parts({ spec, specs }: L7Object): string[] {
  const rules = [...(spec ? [spec] : []), ...(Array.isArray(specs) ? specs : [])] as Rule[];
  const directions = rules.flatMap(({ ingress, egress }) => [...(ingress ?? []), ...(egress ?? [])]);
  const parts = directions.flatMap(({ toPorts = [], toFQDNs }) => [
    ...(isUsed(toFQDNs) ? ["toFQDNs"] : []),
    ...toPorts.flatMap((port) => [
      ...PORT_PARTS.filter((part) => isUsed(port[part])),
      // All keys of `rules` need the proxy: http, kafka, dns, l7 and l7proto.
      ...Object.keys(port.rules ?? {}).filter((part) => isUsed(port.rules?.[part])),
    ]),
  ]);
  return [...new Set(parts)].toSorted();
}

/** An empty list counts as no rule. */
const isUsed = (part: unknown) => (Array.isArray(part) ? part.length > 0 : Boolean(part));
