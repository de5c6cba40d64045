// Recognises the objects of a mesh that were created by `istioctl install` or by the steps of the former guide, by
// their owner or content. An object is never recognised by its name alone. Pure.
import type { KubernetesObject } from "@kubernetes/client-node";
import { isOfKind } from "./byproducts.ts";
import { CROSS_NETWORK_PORT } from "./gatewayOptions.ts";
import { isOurs, MULTI_CLUSTER, RELEASE_NAME, SYSTEM_NAMESPACE } from "./ownership.ts";

/** Labels that `istioctl install` gives its objects (istio/istio, operator/pkg/install/install.go, `getOwnerLabels`). */
const COMPONENT = "operator.istio.io/component";
const MANAGED = "operator.istio.io/managed";

/** Label of a Service that marks it for istiods as the gateway of a network. */
export const NETWORK = "topology.istio.io/network";

/**
 * Kinds that `istioctl install` creates, in the order of their deletion. Webhooks come first, because without an istiod
 * they would refuse new pods.
 */
export const FORMER_KINDS = [
  ["admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"],
  ["admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"],
  ["admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding"],
  ["admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["policy/v1", "PodDisruptionBudget"],
  ["apps/v1", "Deployment"],
  ["v1", "Service"],
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["v1", "ConfigMap"],
  ["v1", "ServiceAccount"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  ["rbac.authorization.k8s.io/v1", "Role"],
  ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding"],
  ["rbac.authorization.k8s.io/v1", "ClusterRole"],
] as const;

/** The parts of a custom resource's spec that show its purpose. */
interface Resource extends KubernetesObject {
  readonly webhooks?: readonly { readonly clientConfig?: { readonly service?: Reference } }[];
  readonly spec?: {
    readonly endpoints?: readonly { readonly address?: string }[];
    readonly gateways?: readonly string[];
    readonly host?: string;
    readonly http?: readonly { readonly route?: readonly { readonly destination?: { readonly host?: string } }[] }[];
    readonly selector?: Readonly<Record<string, unknown>>;
    readonly servers?: readonly {
      readonly port?: { readonly number?: number };
      readonly tls?: { readonly mode?: string };
    }[];
    readonly trafficPolicy?: { readonly tls?: { readonly mode?: string } };
  };
}
interface Reference {
  readonly name?: string;
  readonly namespace?: string;
}

/**
 * Whether `istioctl install` created the object and Helm did not take it over. Charts set the label of the component as
 * well, so this label alone proves nothing. Webhooks of revision tags lack the second label, but call an istiod.
 */
export function isOfIstioctl(object: KubernetesObject): boolean {
  const { labels = {}, annotations = {}, namespace = SYSTEM_NAMESPACE } = object.metadata ?? {};
  if (labels[COMPONENT] === undefined || annotations[RELEASE_NAME] !== undefined || isOurs(object)) return false;
  if (namespace !== SYSTEM_NAMESPACE) return false;
  const { webhooks = [] } = object as Resource;
  const callsIstiod = webhooks.some(
    ({ clientConfig }) =>
      clientConfig?.service?.namespace === SYSTEM_NAMESPACE && clientConfig.service.name?.startsWith("istiod"),
  );
  return labels[MANAGED] === "Reconcile" || callsIstiod;
}

/** Whether a Secret in `istio-system` is a remote secret of the former istiod. */
export const isRemoteSecret = (secret: KubernetesObject): boolean =>
  secret.metadata?.labels?.[MULTI_CLUSTER] === "true" && !isOurs(secret);

const istio = (group: string, kind: string, object: KubernetesObject) => isOfKind(`${group}.istio.io`, kind, object);
const modeOf = ({ tls, port }: NonNullable<NonNullable<Resource["spec"]>["servers"]>[number]) =>
  port?.number === CROSS_NETWORK_PORT ? tls?.mode : undefined;

/** Whether a Gateway only admits requests from other clusters: on the gateways' port and in this TLS mode. */
function passes(
  object: KubernetesObject,
  mode: string,
  isNamespaceOfMesh: (namespace: string | undefined) => boolean,
): boolean {
  const { metadata, spec } = object as Resource;
  const { servers = [], selector = {} } = spec ?? {};
  return (
    istio("networking", "Gateway", object) &&
    isNamespaceOfMesh(metadata?.namespace) &&
    !isOurs(object) &&
    selector.istio === "ingressgateway" &&
    servers.length > 0 &&
    servers.every((server) => modeOf(server) === mode)
  );
}

/** The Gateway `cross-network-gateway` of the former guide and of Istio's own. */
export const isCrossNetworkGateway = (object: KubernetesObject): boolean =>
  passes(object, "AUTO_PASSTHROUGH", (namespace) => namespace === SYSTEM_NAMESPACE);

/**
 * Custom resources by which the former guide connected the clusters by hand, in the order of their deletion: the
 * ServiceEntry first, because with it and without its DestinationRule requests to the other cluster would fail. Each
 * kind is recognised by kinds that are deleted after it, so that the remains of an interrupted run are recognised as
 * well.
 *
 * @param resources Istio's custom resources of one cluster
 * @param peers addresses of the other clusters' former gateways
 */
export function linksByHand<Object extends KubernetesObject>(
  resources: readonly Object[],
  peers: ReadonlySet<string>,
): readonly Object[] {
  const others = resources.filter((object) => !isOurs(object));
  const all = (group: string, kind: string) => others.filter((object) => istio(group, kind, object));
  const specOf = (object: Object) => (object as Resource).spec ?? {};
  const entries = all("networking", "ServiceEntry").filter((entry) => {
    const { endpoints = [] } = specOf(entry);
    return endpoints.length > 0 && endpoints.every(({ address = "" }) => peers.has(address));
  });
  const gateways = others.filter((object) => passes(object, "PASSTHROUGH", () => true));
  const passed = new Set(gateways.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`));
  const services = all("networking", "VirtualService").filter((service) => {
    const { gateways: names = [] } = specOf(service);
    const inNamespace = (name: string) => (name.includes("/") ? name : `${service.metadata?.namespace}/${name}`);
    return names.length > 0 && names.every((name) => passed.has(inNamespace(name)));
  });
  const routed = new Set(
    services.flatMap((service) =>
      (specOf(service).http ?? []).flatMap(({ route = [] }) =>
        route.flatMap(({ destination }) => destination?.host ?? []),
      ),
    ),
  );
  const rules = all("networking", "DestinationRule").filter((rule) => {
    const { host = "", trafficPolicy } = specOf(rule);
    const { tls, ...more } = trafficPolicy ?? {};
    return routed.has(host) && tls?.mode === "ISTIO_MUTUAL" && Object.keys(more).length === 0;
  });
  return [...entries, ...rules, ...services, ...gateways];
}

/** istiod's option for former names of clusters: `old=new`, separated by commas. */
const ALIASES = "--clusterAliases=";

/** Former names of clusters in istiod's options, with the position of the option; undefined without this option. */
export function aliasesIn(
  args: unknown,
): { readonly index: number; readonly names: ReadonlyMap<string, string> } | undefined {
  const list: readonly unknown[] = Array.isArray(args) ? args : [];
  const index = list.findIndex((arg) => typeof arg === "string" && arg.startsWith(ALIASES));
  if (index < 0) return undefined;
  const pairs = String(list[index]).slice(ALIASES.length).split(",");
  const names = new Map(
    pairs.flatMap((pair) => {
      const [former = "", name = ""] = pair.split("=");
      return former === "" ? [] : [[former, name] as const];
    }),
  );
  return { index, names };
}

export const aliasOption = (names: ReadonlyMap<string, string>): string =>
  `${ALIASES}${[...names].map(([former, name]) => `${former}=${name}`).join(",")}`;

/** Whether istiod's option supports a former name. */
export const isAlias = (former: string): boolean => /^[^\s,=]+$/.test(former);
