import { type Csp, profiles } from "../csp/profiles.ts";
import type { ClusterGatewaySettings, GatewaySettings } from "./gatewaySchema.ts";
import { quote } from "./problems.ts";

interface Settings {
  readonly clusters: readonly { name: string; csp: Csp; gateway: ClusterGatewaySettings }[];
  readonly gateway: GatewaySettings;
}

/** Settings that come from the providers' profiles: one line for each cluster, with the source document. */
export function filledIn({ clusters, gateway }: Settings): string[] {
  return clusters.map(({ name, csp, gateway: own }) => {
    const { title, loadBalancerAnnotations, facts } = profiles[csp];
    const said = { ...gateway.annotations, ...own.annotations };
    const filled = Object.entries(loadBalancerAnnotations)
      .filter(([key]) => !(key in said))
      .map(([key, value]) => `${key}: ${quote(value)}`);
    const source = facts.layer4 === "unknown" ? "" : ` (${facts.layer4.source})`;
    const what = filled.length === 0 ? "nothing" : `the gateway's annotation ${filled.join(", ")}${source}`;
    return `${name}: csp ${csp} (${title}) fills in ${what}`;
  });
}
