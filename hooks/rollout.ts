// Waiting for a DaemonSet's rolling restart.
import { setTimeout as pause } from "node:timers/promises";
import type { CoreV1Event, V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import type { Objects } from "./objects.ts";

export interface Rollout {
  readonly done: boolean;
  /** Pods of the new template: grows as long as the rollout goes on. */
  readonly updated: number;
  /** Said for people. */
  readonly state: string;
}

/** How far a rollout is, as `kubectl rollout status` judges it. */
export function rolloutOf({ metadata, status }: V1DaemonSet): Rollout {
  const desired = status?.desiredNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  // What the status says of a generation before is not about this rollout.
  const observed = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  const updated = observed ? (status?.updatedNumberScheduled ?? 0) : 0;
  return {
    done: observed && updated >= desired && available >= desired,
    updated,
    state: observed ? `${updated} of ${desired} pods restarted, ${available} available` : "not begun",
  };
}

/**
 * Waits until every pod of a DaemonSet is of its current template and available.
 *
 * @param seconds longest time in which not one more pod restarts: a big cluster takes long, a stuck one forever
 * @throws Error that says how far it came and what its pods and their events say
 */
export async function rollout(
  objects: Objects,
  daemonSet: { readonly namespace: string; readonly name: string },
  seconds: number,
): Promise<void> {
  let most = -1;
  let deadline = 0;
  let state = "";
  for (;;) {
    try {
      const now = rolloutOf(
        await objects.existing<V1DaemonSet>("apps/v1", "DaemonSet", daemonSet.name, daemonSet.namespace),
      );
      if (now.done) return;
      state = now.state;
      if (now.updated > most) {
        most = now.updated;
        deadline = Date.now() + seconds * 1_000;
      }
    } catch (error) {
      // The API server may be reached through what restarts here.
      state = (error as Error).message;
      deadline ||= Date.now() + seconds * 1_000;
    }
    if (Date.now() >= deadline) break;
    await pause(250);
  }
  const causes = await troubles(objects, daemonSet).catch((error: Error) => [error.message]);
  throw new Error(
    [
      `DaemonSet ${daemonSet.namespace}/${daemonSet.name} does not restart: no progress in ${seconds} s, ${state}`,
      ...causes,
    ].join("\n  "),
  );
}

/** What keeps its pods from being ready: states of containers and conditions, then events. */
async function troubles(
  objects: Objects,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<string[]> {
  const pods = (await objects.list<V1Pod>("v1", "Pod", { namespace })).filter(
    (pod) =>
      pod.metadata?.ownerReferences?.some((owner) => owner.kind === "DaemonSet" && owner.name === name) &&
      !isReady(pod),
  );
  const names = new Set<string | undefined>(pods.map(({ metadata }) => metadata.name));
  const events = (await objects.list<CoreV1Event>("v1", "Event", { namespace, fields: "type=Warning" })).filter(
    ({ involvedObject }) => names.has(involvedObject.name),
  );
  const said = [
    ...pods.flatMap((pod) => reasons(pod).map((reason) => `pod ${pod.metadata?.name}: ${reason}`)),
    ...events.map(({ involvedObject, reason, message }) => `event of ${involvedObject.name}: ${reason}: ${message}`),
  ];
  return [...new Set(said)].slice(-10);
}

const isReady = (pod: V1Pod) =>
  pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");

function reasons({ spec, status }: V1Pod): string[] {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].flatMap(
    ({ name, state }) => {
      const held = state?.waiting ?? state?.terminated;
      return held ? [`container ${name}: ${held.reason ?? "waiting"}${held.message ? `: ${held.message}` : ""}`] : [];
    },
  );
  const unscheduled = (status?.conditions ?? []).flatMap(({ type, status: met, message }) =>
    type === "PodScheduled" && met === "False" ? [message ?? "not scheduled"] : [],
  );
  const all = [...unscheduled, ...containers];
  return all.length > 0 ? all : [`not ready on ${spec?.nodeName ?? "any node"}`];
}
