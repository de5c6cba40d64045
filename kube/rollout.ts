// Waits for a DaemonSet's rolling restart.
import { setTimeout as pause } from "node:timers/promises";
import type { CoreV1Event, V1ContainerStatus, V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import type { Objects } from "./objects.ts";
import { isReady, whyNotReady } from "./podState.ts";
import { shown } from "./shown.ts";

export interface Rollout {
  readonly done: boolean;
  /** Pods with the new template. Grows during the rollout. */
  readonly updated: number;
  /** Pods with a former template. */
  readonly left: number;
  /** The rollout's state in words. */
  readonly state: string;
}

export interface RolloutOptions {
  /**
   * Longest wait for the next pod to restart, and for a restarted pod to become ready. A limit for the whole rollout
   * would be too short for a big cluster, or too long for a stuck one.
   */
  readonly seconds: number;
  /** Aborts the wait at once, with its reason. */
  readonly signal: AbortSignal;
  /** Whether a pod has the current template. */
  readonly isRestarted: (pod: V1Pod) => boolean;
}

/** A restarted pod does not become ready. The restart should stop, because each further one may break another node. */
export class PodNotBack extends Error {
  /** Pods that have not restarted yet. */
  readonly left: number;

  constructor(message: string, left: number) {
    super(message);
    this.left = left;
  }
}

/** After this many restarts of a container, the pod counts as failed. By then the kubelet has waited for about 30 s. */
const CRASHES = 3;
/** Interval between two reads of the DaemonSet and its pods, in ms. */
const LOOK = 250;
const LOOK_AT_PODS = 2_000;

/** Progress of a rollout, as `kubectl rollout status` determines it. */
export function rolloutOf({ metadata, status }: V1DaemonSet): Rollout {
  const desired = status?.desiredNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  // A status with an older `observedGeneration` does not describe this rollout.
  const observed = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  const updated = observed ? (status?.updatedNumberScheduled ?? 0) : 0;
  return {
    done: observed && updated >= desired && available >= desired,
    updated,
    left: Math.max(0, desired - updated),
    state: observed ? `${updated} of ${desired} pods restarted, ${available} available` : "not begun",
  };
}

/**
 * Waits until every pod of a DaemonSet has its current template and is available.
 *
 * @throws PodNotBack at the first restarted pod that keeps crashing or is not ready in time; Error if no pod restarts.
 * Both report the progress, pod states and events
 */
export async function rollout(
  objects: Objects,
  daemonSet: { readonly namespace: string; readonly name: string },
  { seconds, signal, isRestarted }: RolloutOptions,
): Promise<void> {
  const newDeadline = () => Date.now() + seconds * 1_000;
  /** Deadline for each restarted pod to become ready, by its UID. */
  const deadlines = new Map<string | undefined, number>();
  let most = -1;
  let left = 0;
  let deadline = newDeadline();
  let nextLook = 0;
  let state = "";
  let stuck: V1Pod[] = [];
  for (;;) {
    signal.throwIfAborted();
    try {
      const { namespace, name } = daemonSet;
      const found = await objects.existing<V1DaemonSet>("apps/v1", "DaemonSet", name, namespace);
      const now = rolloutOf(found);
      if (now.done) return;
      ({ state, left } = now);
      if (now.updated > most) {
        most = now.updated;
        deadline = newDeadline();
      }
      if (Date.now() >= Math.min(nextLook, deadline)) {
        const late = (await podsOf(objects, found)).filter((pod) => isRestarted(pod) && !isReady(pod));
        for (const { metadata } of late) deadlines.set(metadata?.uid, deadlines.get(metadata?.uid) ?? newDeadline());
        const isLate = ({ metadata }: V1Pod) => Date.now() >= Math.min(deadlines.get(metadata?.uid) ?? 0, deadline);
        stuck = late.filter((pod) => isCrashing(pod) || isLate(pod));
        nextLook = Date.now() + LOOK_AT_PODS;
      }
    } catch (error) {
      // The connection to the API server may run through the pods that restart.
      state = (error as Error).message;
    }
    if (stuck.length > 0 || Date.now() >= deadline) break;
    await pause(LOOK, undefined, { signal }).catch(() => {});
  }
  signal.throwIfAborted();
  const name = `DaemonSet ${daemonSet.namespace}/${daemonSet.name}`;
  const causes = await troubles(objects, daemonSet, stuck).catch((error: Error) => [error.message]);
  if (stuck.length === 0) {
    throw new Error([`${name} does not restart: no progress in ${seconds} s, ${state}`, ...causes].join("\n  "));
  }
  throw new PodNotBack([`${name}: a restarted pod does not become ready: ${state}`, ...causes].join("\n  "), left);
}

async function podsOf(objects: Objects, { metadata, spec }: V1DaemonSet): Promise<V1Pod[]> {
  const labels = Object.entries(spec?.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const pods = await objects.list<V1Pod>("v1", "Pod", { namespace: metadata?.namespace, labels: labels.join(",") });
  return pods.filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === metadata?.uid));
}

/** Why pods are not ready: container states and conditions, the last log lines of a crashed container, then events. */
async function troubles(
  objects: Objects,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  stuck: readonly V1Pod[],
): Promise<string[]> {
  const found = await objects.existing<V1DaemonSet>("apps/v1", "DaemonSet", name, namespace);
  const pods = stuck.length > 0 ? stuck : (await podsOf(objects, found)).filter((pod) => !isReady(pod));
  const names = new Set<string | undefined>(pods.map(({ metadata }) => metadata?.name));
  const events = (await objects.list<CoreV1Event>("v1", "Event", { namespace, fields: "type=Warning" })).filter(
    ({ involvedObject }) => names.has(involvedObject.name),
  );
  const about = await Promise.all(
    pods.slice(0, 3).map(async (pod) => {
      const name = `pod ${pod.metadata?.name}`;
      const words = await lastLogLines(objects, pod);
      return [`${name} ${whyNotReady(pod) ?? "is being deleted"}`, ...words.map((line) => `${name}: ${line}`)];
    }),
  );
  const lines = [
    ...about.flat(),
    ...events
      .slice(-5)
      .map(({ involvedObject, reason, message }) => `event of ${involvedObject.name}: ${reason}: ${message}`),
  ];
  return [...new Set(lines.map((line) => shown(line)))].slice(0, 12);
}

const containersOf = ({ status }: V1Pod): V1ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];

const isCrashing = (pod: V1Pod) =>
  containersOf(pod).some(
    ({ restartCount, state }) => restartCount >= CRASHES && state?.waiting?.reason === "CrashLoopBackOff",
  );

/**
 * The last log lines of a crashed container: from its status if the pod sets a terminationMessagePolicy as Cilium's
 * does, else from the log.
 */
async function lastLogLines(objects: Objects, pod: V1Pod): Promise<string[]> {
  const crashed = containersOf(pod).find(({ lastState }) => lastState?.terminated);
  if (crashed === undefined) return [];
  const { namespace = "", name = "" } = pod.metadata ?? {};
  const log = () => objects.log(namespace, name, 5, { container: crashed.name, previous: true }).catch(() => "");
  const text = crashed.lastState?.terminated?.message || (await log());
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-3).map((line) => `container ${crashed.name} wrote: ${line}`);
}
