// Waiting for a DaemonSet's rolling restart.
import { setTimeout as pause } from "node:timers/promises";
import type { CoreV1Event, V1ContainerStatus, V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import type { Objects } from "./objects.ts";
import { isReady, whyNotReady } from "./podState.ts";
import { shown } from "./shown.ts";

export interface Rollout {
  readonly done: boolean;
  /** Pods of the new template: grows as long as the rollout goes on. */
  readonly updated: number;
  /** Pods of a template before. */
  readonly left: number;
  /** In words. */
  readonly state: string;
}

export interface RolloutOptions {
  /** Longest time without one more restarted pod, and for one restarted pod to be ready: a big cluster takes long, a stuck one forever. */
  readonly seconds: number;
  /** Ends the waiting at once, with its reason. */
  readonly signal: AbortSignal;
  /** Whether a pod has the current template. */
  readonly isRestarted: (pod: V1Pod) => boolean;
}

/** A restarted pod does not become ready: more restarts would take more nodes. */
export class PodNotBack extends Error {
  /** Pods that have not restarted yet. */
  readonly left: number;

  constructor(message: string, left: number) {
    super(message);
    this.left = left;
  }
}

/** Restarts of one container after which it is not given more time: by then the kubelet has waited for some 30 s. */
const CRASHES = 3;
/** Time between two looks at the DaemonSet, and at its pods, in ms. */
const LOOK = 250;
const LOOK_AT_PODS = 2_000;

/** How far a rollout is, as `kubectl rollout status` judges it. */
export function rolloutOf({ metadata, status }: V1DaemonSet): Rollout {
  const desired = status?.desiredNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  // The status of a generation before is not about this rollout.
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
 * Waits until every pod of a DaemonSet is of its current template and available.
 *
 * @throws PodNotBack at the first restarted pod that crashes again and again, or is not ready in time; Error where nothing restarts.
 * Both say how far it came, and what the pods and their events say
 */
export async function rollout(
  objects: Objects,
  daemonSet: { readonly namespace: string; readonly name: string },
  { seconds, signal, isRestarted }: RolloutOptions,
): Promise<void> {
  const inTime = () => Date.now() + seconds * 1_000;
  /** Until when each restarted pod has to be ready, by its UID. */
  const deadlines = new Map<string | undefined, number>();
  let most = -1;
  let left = 0;
  let deadline = inTime();
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
        deadline = inTime();
      }
      if (Date.now() >= Math.min(nextLook, deadline)) {
        const late = (await podsOf(objects, found)).filter((pod) => isRestarted(pod) && !isReady(pod));
        for (const { metadata } of late) deadlines.set(metadata?.uid, deadlines.get(metadata?.uid) ?? inTime());
        const isLate = ({ metadata }: V1Pod) => Date.now() >= Math.min(deadlines.get(metadata?.uid) ?? 0, deadline);
        stuck = late.filter((pod) => isCrashing(pod) || isLate(pod));
        nextLook = Date.now() + LOOK_AT_PODS;
      }
    } catch (error) {
      // The API server may be reached through the pods that restart here.
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

/** What keeps pods from being ready: states of containers and conditions, the last words of one that crashed, then events. */
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
      const words = await lastWords(objects, pod);
      return [`${name} ${whyNotReady(pod) ?? "is on its way out"}`, ...words.map((line) => `${name}: ${line}`)];
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

/** The end of what a container wrote before it crashed: in its status where its pod asks for that, as Cilium's does, else in its log. */
async function lastWords(objects: Objects, pod: V1Pod): Promise<string[]> {
  const crashed = containersOf(pod).find(({ lastState }) => lastState?.terminated);
  if (crashed === undefined) return [];
  const { namespace = "", name = "" } = pod.metadata ?? {};
  const log = () => objects.log(namespace, name, 5, { container: crashed.name, previous: true }).catch(() => "");
  const text = crashed.lastState?.terminated?.message || (await log());
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-3).map((line) => `container ${crashed.name} wrote: ${line}`);
}
