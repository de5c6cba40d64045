import { defaultAutoscaling, defaultGateway, type GatewayOptions } from "../components/gatewayOptions.ts";
import type { ExternalGateway } from "../components/istiodOptions.ts";
import type { CspProfile } from "../csp/profile.ts";
import { type Csp, profiles } from "../csp/profiles.ts";
import { bounds } from "./bounds.ts";
import type { ClusterGatewaySettings, GatewaySettings, IngressSettings } from "./gatewaySchema.ts";
import { problem, quote } from "./problems.ts";

/** The gateways of one cluster. */
export interface ClusterGateways {
  /** Between the networks. */
  readonly gateway: GatewayOptions;
  /** For callers outside the mesh. */
  readonly ingress?: GatewayOptions;
}

interface Settings {
  readonly clusters: readonly { name: string; network: string; csp: Csp; gateway: ClusterGatewaySettings }[];
  readonly gateway: GatewaySettings;
  readonly ingress: IngressSettings;
}

/** Settings and where they stand in the stack file. */
interface Placed {
  readonly path: readonly PropertyKey[];
  readonly settings: GatewaySettings;
}

/**
 * The gateways of each cluster, with defaults and their provider's annotations.
 *
 * @param problems gets a line for all that contradicts the provider or itself
 */
export function gatewaysOf({ clusters, gateway, ingress }: Settings, problems: string[]): ClusterGateways[] {
  const found: string[] = [];
  const { enabled, ...forIngress } = ingress;
  const gateways = clusters.map(({ csp, gateway: { externalAddress: _, ...own } }, index) => {
    const options = (...places: Placed[]) => gatewayOptions(profiles[csp], places, found);
    const eastWest = options(
      { path: ["gateway"], settings: gateway },
      { path: ["clusters", index, "gateway"], settings: own },
    );
    return { gateway: eastWest, ...(enabled && { ingress: options({ path: ["ingress"], settings: forIngress }) }) };
  });
  // What is wrong for the whole mesh was found in each cluster.
  problems.push(...new Set(found));
  return gateways;
}

/** The provider's annotations, then each place's settings over those of the places before it. */
function gatewayOptions(
  { title, loadBalancerAnnotations: required }: CspProfile,
  places: readonly Placed[],
  problems: string[],
): GatewayOptions {
  for (const { path, settings } of places) {
    for (const [key, value] of Object.entries(settings.annotations ?? {})) {
      const needed = required[key];
      if (needed === undefined || needed === value) continue;
      const message = `${key} must be ${quote(needed)} at ${title}, got ${quote(value)}; remove it`;
      problems.push(problem([...path, "annotations"], message));
    }
  }
  const all = places.map(({ settings }) => settings);
  return {
    ...(Object.assign({}, defaultGateway, ...all) as GatewayOptions),
    autoscaling: bounds(
      defaultAutoscaling,
      places.map(({ path, settings }) => ({ path: [...path, "autoscaling"], settings: settings.autoscaling })),
      problems,
    ),
    annotations: Object.assign({}, ...all.map(({ annotations }) => annotations), required),
  };
}

/** The gateways that no istiod finds by their Services. */
export function externalGateways(clusters: Settings["clusters"]): ExternalGateway[] {
  return clusters.flatMap(({ name, network, gateway: { externalAddress } }) =>
    externalAddress === undefined ? [] : [{ network, cluster: name, address: externalAddress }],
  );
}
