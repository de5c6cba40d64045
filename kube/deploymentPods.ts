// Whether a Deployment has rolled out, and if not, why.
import type { CoreV1Event, V1Deployment, V1Pod } from "@kubernetes/client-node";
import { eventsOf } from "./events.ts";
import { whyNoPods, whyNotReady } from "./podState.ts";
import { shown } from "./shown.ts";

/** As in `kubectl rollout status`: all pods have the newest template and are available. */
export function rolledOut({ metadata, spec, status }: V1Deployment): boolean {
  const wanted = spec?.replicas ?? 1;
  const { observedGeneration = 0, updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status ?? {};
  if (observedGeneration < (metadata?.generation ?? 0)) return false;
  return updatedReplicas >= wanted && replicas <= updatedReplicas && availableReplicas >= updatedReplicas;
}

/** The state of each pod that is not ready. @param pods all of the namespace @param events all of the namespace */
export function podsMessage(deployment: V1Deployment, pods: readonly V1Pod[], events: readonly CoreV1Event[]): string {
  const selector = Object.entries(deployment.spec?.selector.matchLabels ?? {});
  const own = pods.filter((pod) => selector.every(([key, value]) => pod.metadata?.labels?.[key] === value));
  const states = own.flatMap((pod) => {
    const state = whyNotReady(pod);
    if (state === undefined) return [];
    const podEvents = eventsOf(pod.metadata?.uid, events);
    return [shown(`pod ${pod.metadata?.name} ${state}${podEvents ? ` (${podEvents})` : ""}`, 2_000)];
  });
  const failure = whyNoPods(deployment, own.length === 0 ? events : []);
  const all = [...(failure ? [failure] : []), ...states];
  return `Deployment ${deployment.metadata?.name}: ${all.join("; ") || "its rollout is in progress"}`;
}
