// Whether a pod of the probe runs, or never will, in the kubelet's words.
import type { V1Pod } from "@kubernetes/client-node";

export type PodState =
  | { readonly kind: "running" }
  | { readonly kind: "waiting"; readonly said: string }
  | {
      readonly kind: "failed";
      readonly said: string;
      /** Its image could not be pulled. */
      readonly isPull?: true;
    };

const NOT_PULLED = new Set(["ErrImagePull", "ImagePullBackOff"]);

/** Reasons of a waiting container after which it does not start by itself within a probe's time. */
const HOPELESS = new Set([
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

export function podState({ status }: V1Pod): PodState {
  const [container] = status?.containerStatuses ?? [];
  const { running, waiting, terminated } = container?.state ?? {};
  if (running) return { kind: "running" };
  if (terminated) return { kind: "failed", said: words(terminated.reason, terminated.message, terminated.exitCode) };
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

function words(reason: string | undefined, message: string | undefined, exitCode?: number): string {
  const code = exitCode === undefined ? "" : ` (exit code ${exitCode})`;
  return `${[reason, message?.trim()].filter((part) => part).join(": ")}${code}`;
}
