import type { CspProfile } from "../csp/profile.ts";
import { type Csp, profiles } from "../csp/profiles.ts";
import { defaultAutoscaling, defaultGateway, type GatewayOptions } from "../mesh/gatewayOptions.ts";
import type { PortOptions } from "../mesh/gatewayPorts.ts";
import { bareHost } from "../mesh/hostPort.ts";
import type { ExternalGateway } from "../mesh/istiodOptions.ts";
import { anywhere, type Placement } from "../mesh/podParts.ts";
import { bounds } from "./bounds.ts";
import type { ClusterGatewaySettings, GatewaySettings, IngressSettings } from "./gatewaySchema.ts";
import type { PodsSettings } from "./podsSchema.ts";
import { pathText, problem, quote } from "./problems.ts";

/** The gateways of one cluster, and where its other pods run. */
export interface ClusterGateways {
  /** Between the networks. */
  readonly gateway: GatewayOptions;
  /** For callers outside the mesh. */
  readonly ingress?: GatewayOptions;
  /** On which nodes the program's other pods run. */
  readonly pods: Placement;
}

interface Settings {
  readonly clusters: readonly {
    name: string;
    network: string;
    csp: Csp;
    gateway: ClusterGatewaySettings;
    pods: PodsSettings;
  }[];
  readonly pods: PodsSettings;
  readonly gateway: GatewaySettings;
  readonly ingress: IngressSettings;
}

/** Settings and where they stand in the stack file. */
interface Placed {
  readonly path: readonly PropertyKey[];
  readonly settings: GatewaySettings;
}

/** A value that an annotation must have, and why. */
interface Needed {
  readonly value: string;
  readonly why: string;
}

/**
 * The gateways of each cluster, with defaults and their provider's annotations.
 *
 * @param problems gets a line for all that contradicts the provider or itself
 */
export function gatewaysOf(
  { clusters, pods: ofMesh, gateway, ingress }: Settings,
  problems: string[],
): ClusterGateways[] {
  const found: string[] = [];
  const { enabled, ...forIngress } = ingress;
  const gateways = clusters.map(({ name, csp, pods: ofCluster, gateway: { externalAddress, ...own } }, index) => {
    const pods: Placement = Object.assign({}, anywhere, ofMesh, ofCluster);
    const options = (...places: Placed[]) => gatewayOptions(profiles[csp], pods, places, found);
    if (hasNoLoadBalancers(profiles[csp])) found.push(...unreachable({ name, csp, externalAddress }, index, enabled));
    const eastWest = options(
      { path: ["gateway"], settings: gateway },
      { path: ["clusters", index, "gateway"], settings: own },
    );
    const outside = enabled && options({ path: ["ingress"], settings: forIngress });
    const ofOne = (key: string) => (own.nodePorts && key === "gateway" ? ["clusters", index, key] : [key]);
    found.push(
      ...unusedNodePorts([...ofOne("gateway"), "nodePorts"], eastWest),
      ...(outside ? unusedNodePorts(["ingress", "nodePorts"], outside) : []),
      ...(outside ? sharedNodePorts(eastWest, outside, name) : []),
    );
    return { pods, gateway: eastWest, ...(outside && { ingress: outside }) };
  });
  // What is wrong for the whole mesh was found in each cluster.
  problems.push(...new Set(found));
  return gateways;
}

/** Node ports of ports that the Service does not have. */
function unusedNodePorts(path: readonly PropertyKey[], { ports, nodePorts = {} }: PortOptions): string[] {
  return Object.keys(nodePorts)
    .filter((name) => ports !== undefined && !ports.includes(name))
    .map((name) => problem([...path, name], `"ports" leaves ${quote(name)} out; remove it here, or add it there`));
}

/** Both Services are in one cluster, whose nodes have each port once. */
function sharedNodePorts(gateway: PortOptions, ingress: PortOptions, cluster: string): string[] {
  const taken = Object.entries(gateway.nodePorts ?? {});
  return Object.entries(ingress.nodePorts ?? {}).flatMap(([name, port]) => {
    const other = taken.find(([, each]) => each === port)?.[0];
    if (other === undefined) return [];
    const whose = `is already that of ${quote(other)} of the east-west gateway in cluster ${quote(cluster)}`;
    return [problem(["ingress", "nodePorts", name], `${port} ${whose}; give each a node port of its own`)];
  });
}

function hasNoLoadBalancers({ facts: { loadBalancer } }: CspProfile): boolean {
  return loadBalancer !== "unknown" && loadBalancer.value === null;
}

/** What would wait for load balancers that never come. */
function unreachable(
  {
    name,
    csp,
    externalAddress,
  }: { name: string; csp: Csp; externalAddress: ClusterGatewaySettings["externalAddress"] },
  index: number,
  ingress: boolean,
): string[] {
  const { title } = profiles[csp];
  const without = `csp ${quote(csp)} (${title}) gives Services of type LoadBalancer no address`;
  const address = problem(
    ["clusters", index, "gateway", "externalAddress"],
    `is required: ${without}; reserve an address there, set it here, and point it at the node ports of Service ` +
      'istio-ingressgateway, or set csp to "generic" where something in the cluster does give addresses',
  );
  const noIngress = problem(
    ["ingress", "enabled"],
    `got true, but in cluster ${quote(name)} ${without}; set it to false`,
  );
  return [...(externalAddress === undefined ? [address] : []), ...(ingress ? [noIngress] : [])];
}

/** The provider's annotations, then each place's settings over those of the places before it. */
function gatewayOptions(
  profile: CspProfile,
  pods: Placement,
  places: readonly Placed[],
  problems: string[],
): GatewayOptions {
  const needed = neededAnnotations(profile, places, problems);
  for (const { path, settings } of places) {
    for (const [key, value] of Object.entries(settings.annotations ?? {})) {
      const must = needed.get(key);
      if (must === undefined || must.value === value) continue;
      const message = `${key} must be ${quote(must.value)} ${must.why}, got ${quote(value)}; remove it`;
      problems.push(problem([...path, "annotations"], message));
    }
  }
  const all = places.map(({ settings: { internal: _, ...settings } }) => settings);
  const required = Object.fromEntries([...needed].map(([key, { value }]) => [key, value]));
  return {
    ...(Object.assign({}, defaultGateway, pods, ...all) as GatewayOptions),
    autoscaling: bounds(
      defaultAutoscaling,
      places.map(({ path, settings }) => ({ path: [...path, "autoscaling"], settings: settings.autoscaling })),
      problems,
    ),
    annotations: Object.assign({}, ...all.map(({ annotations }) => annotations), required),
  };
}

function neededAnnotations(
  { title, loadBalancerAnnotations, scopeAnnotations }: CspProfile,
  places: readonly Placed[],
  problems: string[],
): Map<string, Needed> {
  const place = places.findLast(({ settings }) => settings.internal !== undefined);
  const internal = place?.settings.internal;
  if (place && !scopeAnnotations) {
    const message = `it is not known how ${title} is told, got ${internal}; remove it, and use "annotations" if you know`;
    problems.push(problem([...place.path, "internal"], message));
  }
  const scope = internal === undefined ? {} : (scopeAnnotations?.[internal ? "internal" : "public"] ?? {});
  const because = (annotations: Readonly<Record<string, string>>, why: string) =>
    Object.entries(annotations).map(([key, value]) => [key, { value, why }] as const);
  return new Map([
    ...because(loadBalancerAnnotations, `at ${title}`),
    ...because(scope, `with ${pathText([...(place?.path ?? []), "internal"])}: ${internal}`),
  ]);
}

/** The gateways that no istiod finds by their Services, once for each address. */
export function externalGateways(clusters: Settings["clusters"]): ExternalGateway[] {
  return clusters.flatMap(({ name, network, gateway: { externalAddress } }) =>
    externalAddress === undefined
      ? []
      : [externalAddress].flat().map((address) => ({ network, cluster: name, address: bareHost(address) })),
  );
}
