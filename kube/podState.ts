// Why a pod does not run or is not ready, and why a Deployment has no pods, from statuses and events.
import type { CoreV1Event, V1ContainerStatus, V1Deployment, V1Pod } from "@kubernetes/client-node";
import { shown } from "./shown.ts";

/** Has condition Ready and is not being deleted. */
export const isReady = ({ metadata, status }: V1Pod): boolean =>
  !metadata?.deletionTimestamp &&
  status?.conditions?.some(({ type, status: met }) => type === "Ready" && met === "True") === true;

/** Why a pod is not ready, from its first container that gives a reason; undefined if it is ready or being deleted. */
export function whyNotReady(pod: V1Pod): string | undefined {
  const { metadata, spec, status } = pod;
  if (metadata?.deletionTimestamp !== undefined || isReady(pod)) return undefined;
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") return `is not scheduled: ${words(scheduled.message ?? scheduled.reason)}`;
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const why = whyContainer(container);
    if (why) return why;
  }
  if (status?.reason) return `is ${status.phase ?? "unknown"}: ${words(status.reason, status.message)}`;
  return `is ${status?.phase ?? "unknown"}${spec?.nodeName ? ` on ${spec.nodeName}` : ""}`;
}

function whyContainer({ name, state, lastState, ready }: V1ContainerStatus): string | undefined {
  const { waiting, terminated, running } = state ?? {};
  if (waiting) {
    const before = lastState?.terminated;
    const after = before ? ` (it ended with ${[before.exitCode, before.reason].filter(Boolean).join(" ")} before)` : "";
    return `waits: ${words(`${name} ${waiting.reason ?? "waiting"}`, waiting.message)}${after}`;
  }
  if (terminated && terminated.exitCode !== 0) {
    const why = words(terminated.reason === "Error" ? undefined : terminated.reason, terminated.message);
    return `ended: ${name} with ${terminated.exitCode}${why && ` (${why})`}`;
  }
  return running && !ready ? `runs, but ${name} is not ready` : undefined;
}

/** Why a Deployment's ReplicaSet creates no pods, such as a quota or a webhook. @param events all of the namespace */
export function whyNoPods({ metadata, status }: V1Deployment, events: readonly CoreV1Event[]): string | undefined {
  const failure = status?.conditions?.find(({ type, status: met }) => type === "ReplicaFailure" && met !== "False");
  if (failure?.message) return words(failure.message);
  // The Deployment's status gets the condition later than the event appears. A ReplicaSet is named after its Deployment
  // and the hash of its template.
  const refused = events.findLast(({ reason, involvedObject: { kind, name = "" } }) => {
    const hash = name.slice((metadata?.name?.length ?? 0) + 1);
    const isOwn = kind === "ReplicaSet" && name === `${metadata?.name}-${hash}` && /^[a-z0-9]{1,10}$/.test(hash);
    return isOwn && reason === "FailedCreate";
  });
  return refused?.message ? words(refused.reason, refused.message) : undefined;
}

/** Whether a pod with a single container has started, may still start, or never will. */
export type StartState =
  | { readonly kind: "running" }
  | { readonly kind: "waiting"; readonly said: string }
  | {
      readonly kind: "failed";
      readonly said: string;
      /** Its image could not be pulled. */
      readonly isPull?: true;
    };

const NOT_PULLED = new Set(["ErrImagePull", "ImagePullBackOff"]);

/** Waiting reasons from which a container does not recover within a probe's time. */
const HOPELESS = new Set([
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

export function startState({ status }: V1Pod): StartState {
  const { running, waiting, terminated } = status?.containerStatuses?.[0]?.state ?? {};
  if (running) return { kind: "running" };
  if (terminated) {
    const said = words(terminated.reason, terminated.message);
    return { kind: "failed", said: `${said} (exit code ${terminated.exitCode})` };
  }
  if (status?.phase === "Failed") return { kind: "failed", said: words(status.reason, status.message) };
  if (waiting && HOPELESS.has(waiting.reason ?? "")) {
    return { kind: "failed", said: words(waiting.reason, waiting.message) };
  }
  if (waiting && NOT_PULLED.has(waiting.reason ?? "")) {
    return { kind: "failed", said: words(waiting.reason, waiting.message), isPull: true };
  }
  const unmet = status?.conditions?.find(({ status: met, message }) => met === "False" && message);
  return { kind: "waiting", said: words(unmet?.reason ?? waiting?.reason ?? status?.phase, unmet?.message) };
}

/** `reason: message`, or the one of them that exists. */
function words(reason: string | undefined, message?: string): string {
  return shown([reason, message?.trim()].filter((part) => part).join(": "));
}
