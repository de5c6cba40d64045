import type { Severity } from "./severity.ts";

/** Findings of `npm run mesh -- status`. `peer` is empty if the finding concerns one cluster alone. */
interface Sides {
  readonly cluster: string;
  readonly peer: string;
}
type Finding<Id extends string, Of extends Severity, Facts = unknown> = Sides & {
  readonly id: Id;
  readonly severity: Of;
} & Readonly<Facts>;

/** `namespace/name` of pods. */
interface Pods {
  pods: readonly string[];
}

export type StatusFinding =
  | Finding<"clusterSilent", "error", { said: string }>
  | Finding<"noIstiod", "error", Pods>
  | Finding<"istiodNotReady", "warning", Pods>
  /** A debug page of istiod, or a proxy's admin interface, did not answer. */
  | Finding<"notAsked", "error", { said: string }>
  | Finding<"noGatewayPod", "error", Pods>
  /** The gateway is unavailable while its only node is drained. */
  | Finding<"oneGatewayPod", "warning">
  /** The remote secret is missing, or istiod has not read it. */
  | Finding<"peerUnknown", "error", Pods>
  | Finding<"peerNotSynced", "error", Pods & { status: string }>
  | Finding<"gatewayUnregistered", "error", Pods & { network: string }>
  /** istiod has fewer endpoints of the peer than the peer's own istiod. */
  | Finding<"endpointsMissing", "error", { pod: string; seen: number; expected: number }>
  | Finding<"noAnswer", "error", { requests: number; said: string }>
  /** No calling pod of the sample is ready. */
  | Finding<"sampleNotReady", "warning">
  /** The cluster's gateway does not trust the root of the peer's. */
  | Finding<"rootUntrusted", "error", { root: string }>
  | Finding<"chainBroken", "error", { pod: string; said: string }>
  /** istiod signs with another intermediate than the one in Secret `cacerts`. */
  | Finding<"intermediateNotLoaded", "error", Pods>
  | Finding<"certificateEnds", "warning" | "error", { role: CertificateRole; days: number }>
  | Finding<"proxiesBehind", "warning", { istiod: string; version: string; count: number }>
  /** Pods with a sidecar that is connected to no istiod of their cluster. */
  | Finding<"proxiesUnserved", "error", Pods>
  | Finding<"withoutSidecar", "warning", Pods>
  | Finding<"webhookMissing", "error">;

export type StatusFindingOf<Id extends StatusFinding["id"]> = Extract<StatusFinding, { id: Id }>;

export type CertificateRole = "leaf" | "intermediate" | "root";

/**
 * Remaining days of a certificate at which there is a warning, and then an error. Istio renews a leaf of 24 hours after
 * half its validity (SECRET_GRACE_PERIOD_RATIO 0.5), so a leaf close to its expiry shows that renewal fails. CAs are
 * renewed by people.
 */
export const ENDS: Readonly<Record<CertificateRole, { readonly warning: number; readonly error: number }>> = {
  leaf: { warning: 0.2, error: 0.05 },
  intermediate: { warning: 90, error: 14 },
  root: { warning: 90, error: 14 },
};
