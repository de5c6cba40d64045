// Pods that pulumi up makes in a cluster, and what they request.
import type { Toleration } from "../mesh/gatewayOptions.ts";
import { istiodRequests } from "../mesh/istiodOptions.ts";
import { GATEWAY, INGRESS, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { quantity } from "../mesh/quantity.ts";
import { reviewsVersion } from "../mesh/reviewsVersion.ts";
import type { ClusterSettings, MeshSettings } from "./settings.ts";

/** Cores and bytes. */
export interface Requests {
  readonly cpu: number;
  readonly memory: number;
}

/** Those of one Deployment. */
export interface ComingPods {
  readonly namespace: string;
  readonly deployment: string;
  readonly count: number;
  readonly each: Requests;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
}

type Amounts = Readonly<Record<string, string | undefined>>;

/** As in Istio's chart `istiod`: `global.proxy.resources`. */
const SIDECAR: Amounts = { cpu: "100m", memory: "128Mi" };

const anywhere = { nodeSelector: {}, tolerations: [] };

/** At its start: autoscalers add more later. */
export function comingPods({ istio, sample }: MeshSettings, cluster: ClusterSettings): ComingPods[] {
  const { values, istiod } = istio;
  const chart = values.istiod;
  const ofIstiod = istiod.resources?.requests ?? at(chart, "pilot", "resources", "requests") ?? {};
  const sidecar = { ...SIDECAR, ...at(chart, "global", "proxy", "resources", "requests") };
  const count = typeof istiod.replicas === "number" ? istiod.replicas : istiod.replicas.min;
  const reviews = `reviews-v${reviewsVersion(cluster.position)}`;
  const { gateway, ingress } = cluster;
  const gateways = Object.entries({ [GATEWAY]: gateway, ...(ingress && { [INGRESS]: ingress }) });
  return [
    {
      namespace: SYSTEM_NAMESPACE,
      deployment: "istiod",
      count,
      each: sum({ ...istiodRequests, ...ofIstiod }),
      ...anywhere,
    },
    ...gateways.map(([deployment, { autoscaling, resources, nodeSelector, tolerations }]) => ({
      namespace: SYSTEM_NAMESPACE,
      deployment,
      count: autoscaling.min,
      each: sum({ ...resources.limits, ...resources.requests }),
      nodeSelector,
      tolerations,
    })),
    // The sample's own containers request nothing.
    ...(sample.enabled ? [reviews, "sleep"] : []).map((deployment) => ({
      namespace: sample.namespace,
      deployment,
      count: 1,
      each: sum(sidecar),
      ...anywhere,
    })),
  ];
}

const sum = ({ cpu, memory }: Amounts): Requests => ({ cpu: quantity(cpu), memory: quantity(memory) });

function at(values: unknown, ...path: readonly string[]): Amounts | undefined {
  const found = path.reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], values);
  return found as Amounts | undefined;
}
