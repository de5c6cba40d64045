// Whether a Deployment's pods are what it wants, and what keeps them from it.
import type { CoreV1Event, V1Deployment, V1Pod } from "@kubernetes/client-node";
import { eventsOf } from "./events.ts";

/** As `kubectl rollout status` sees it: all pods are of the newest template, and available. */
export function rolledOut({ metadata, spec, status }: V1Deployment): boolean {
  const wanted = spec?.replicas ?? 1;
  const { observedGeneration = 0, updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status ?? {};
  if (observedGeneration < (metadata?.generation ?? 0)) return false;
  return updatedReplicas >= wanted && replicas <= updatedReplicas && availableReplicas >= updatedReplicas;
}

/** The state of each pod that is not ready. @param pods all of the namespace @param events all of the namespace */
export function podsMessage(
  { metadata, spec, status }: V1Deployment,
  pods: readonly V1Pod[],
  events: readonly CoreV1Event[],
): string {
  const selector = Object.entries(spec?.selector.matchLabels ?? {});
  const own = pods.filter((pod) => selector.every(([key, value]) => pod.metadata?.labels?.[key] === value));
  const states = own.flatMap((pod) => {
    const state = podState(pod);
    if (state === undefined) return [];
    const told = eventsOf(pod.metadata?.uid, events);
    return [`pod ${pod.metadata?.name} ${state}${told ? ` (${told})` : ""}`];
  });
  // Such as a quota, or a webhook that refuses.
  const failure = status?.conditions?.find(({ type }) => type === "ReplicaFailure")?.message;
  return `Deployment ${metadata?.name}: ${[...(failure ? [failure] : []), ...states].join("; ") || "its pods are on their way"}`;
}

/** Why a pod is not ready, from the first of its containers that says so; undefined where it is. */
function podState({ metadata, status }: V1Pod): string | undefined {
  const condition = (type: string) => status?.conditions?.find((entry) => entry.type === type);
  if (metadata?.deletionTimestamp !== undefined || condition("Ready")?.status === "True") return undefined;
  const scheduled = condition("PodScheduled");
  if (scheduled?.status === "False") return `is not scheduled: ${scheduled.message}`;
  for (const { name, state, ready } of [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ]) {
    const { waiting, terminated, running } = state ?? {};
    if (waiting) return `waits: ${[`${name} ${waiting.reason}`, waiting.message].filter(Boolean).join(": ")}`;
    if (terminated && terminated.exitCode !== 0) return `ended: ${name} with ${terminated.exitCode}`;
    if (running && !ready) return `runs, but ${name} is not ready`;
  }
  return `is ${status?.phase ?? "unknown"}`;
}
