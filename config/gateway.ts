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

/** The gateways of one cluster, and the placement of its other pods. */
export interface ClusterGateways {
  /** The east-west gateway. */
  readonly gateway: GatewayOptions;
  /** The gateway for callers outside the mesh. */
  readonly ingress?: GatewayOptions;
  /** Placement of the program's other pods. */
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

/** Settings with their path in the stack file. */
interface Placed {
  readonly path: readonly PropertyKey[];
  readonly settings: GatewaySettings;
}

/** A required value of an annotation, with the reason. */
interface RequiredValue {
  readonly value: string;
  readonly why: string;
}

/**
 * The gateways of each cluster, with defaults and their provider's annotations.
 *
 * @param problems gets a line for each contradiction
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
  // Mesh-wide problems were found once per cluster, so remove duplicates.
  problems.push(...new Set(found));
  return gateways;
}

/** Node ports for ports that the Service does not have. */
function unusedNodePorts(path: readonly PropertyKey[], { ports, nodePorts = {} }: PortOptions): string[] {
  return Object.keys(nodePorts)
    .filter((name) => ports !== undefined && !ports.includes(name))
    .map((name) => problem([...path, name], `"ports" leaves ${quote(name)} out; remove it here, or add it there`));
}

/** Node ports that both gateways use: their Services are in one cluster, in which a node port is unique. */
function sharedNodePorts(gateway: PortOptions, ingress: PortOptions, cluster: string): string[] {
  const taken = Object.entries(gateway.nodePorts ?? {});
  return Object.entries(ingress.nodePorts ?? {}).flatMap(([name, port]) => {
    const other = taken.find(([, each]) => each === port)?.[0];
    if (other === undefined) return [];
    const whose = `is already that of ${quote(other)} of the east-west gateway in cluster ${quote(cluster)}`;
    return [problem(["ingress", "nodePorts", name], `${port} ${whose}; give each its own node port`)];
  });
}

function hasNoLoadBalancers({ facts: { loadBalancer } }: CspProfile): boolean {
  return loadBalancer !== "unknown" && loadBalancer.value === null;
}

/** Gateways that would wait for load balancers although the provider creates none. */
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
    `is required: ${without}; reserve an address at the provider, set it here, and forward it to the node ports of Service ` +
      'istio-ingressgateway, or set csp to "generic" if a controller in the cluster assigns addresses',
  );
  const noIngress = problem(
    ["ingress", "enabled"],
    `got true, but in cluster ${quote(name)} ${without}; set it to false`,
  );
  return [...(externalAddress === undefined ? [address] : []), ...(ingress ? [noIngress] : [])];
}

/** The provider's annotations, overridden by the settings of each place in order. */
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
): Map<string, RequiredValue> {
  const place = places.findLast(({ settings }) => settings.internal !== undefined);
  const internal = place?.settings.internal;
  if (place && !scopeAnnotations) {
    const message = `the program does not know an annotation of ${title} for this, got ${internal}; remove it, and set "annotations" if you know one`;
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

/** Gateways that istiods cannot find through their Services, one entry per address. */
export function externalGateways(clusters: Settings["clusters"]): ExternalGateway[] {
  return clusters.flatMap(({ name, network, gateway: { externalAddress } }) =>
    externalAddress === undefined
      ? []
      : [externalAddress].flat().map((address) => ({ network, cluster: name, address: bareHost(address) })),
  );
}
