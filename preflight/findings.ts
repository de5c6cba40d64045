// All that the preflight can find. Each is told in every language by `cli/preflightEn.ts` and `cli/preflightKo.ts`.
import type { Severity } from "./finding.ts";

type Is<Id extends string, Of extends Severity, Facts = unknown> = {
  readonly id: Id;
  readonly severity: Of;
  /** The cluster's name in the mesh. */
  readonly cluster: string;
  /** The other one, where it is about two. */
  readonly peer?: string;
} & Readonly<Facts>;

/** Milli-units of CPU, and mebibytes. */
export interface Room {
  readonly cpu: number;
  readonly memory: number;
}

export type PreflightFinding =
  // Reached as the kubeconfig says.
  | Is<"reached", "ok", { server: string; command?: string }>
  /** Its credentials come from a command, which failed. */
  | Is<"commandFailed", "error", { command: string; said: string }>
  | Is<"notReached", "error", { server: string; said: string }>
  | Is<"noApiServer", "error", { server: string; status: number }>
  | Is<"notLetIn", "error", { server: string; command?: string }>
  | Is<"sameCluster", "error", { peer: string; uid: string }>
  // Versions. `lines` are Istio's that support the Kubernetes.
  | Is<"supported", "ok", { istio: string; kubernetes: string }>
  | Is<"unsupported", "error" | "warning", { istio: string; kubernetes: string; supported: string; lines: string[] }>
  | Is<"istioNotListed", "warning", { istio: string; listed: string }>
  | Is<"istioAtEndOfLife", "warning", { istio: string; date: string; lines: string[] }>
  // What the account may do.
  | Is<"allowed", "ok", { rights: number | "all" }>
  | Is<"notAllowed", "error", { rights: string[] }>
  | Is<"notSeen", "warning", { paths: string[] }>
  | Is<"notChecked", "warning", { said: string[] }>
  // Nodes, and room on them.
  | Is<"nodesReady", "ok", { nodes: number }>
  | Is<"nodesNotReady", "warning", { names: string[]; usable: number }>
  | Is<"noNode", "error", { notReady: string[]; cordoned: string[] }>
  | Is<"room", "ok", { pods: number; needed: Room; free: Room }>
  /** `grows`: an autoscaler may add nodes. */
  | Is<"noRoom", "error" | "warning", { pods: string[]; needed: Room; free: Room; grows: boolean }>
  // What the provider gives.
  | Is<"loadBalancer", "ok", { address: "hostname" | "ip" | "unknown"; provider: string }>
  | Is<"externalAddress", "ok", { address: string }>
  | Is<"loadBalancersPending", "warning", { services: string[] }>
  | Is<"storageClass", "ok", { names: string[] }>
  | Is<"storageClassComes", "ok", { name: string }>
  | Is<"noStorageClass", "warning", { field: string }>
  | Is<"metrics", "ok">
  | Is<"metricsCome", "ok">
  | Is<"noMetrics", "warning">
  | Is<"metricsNotServed", "warning", { said: string }>
  | Is<"cni", "ok", { name: string }>
  | Is<"ciliumReady", "ok">
  | Is<"ciliumChanges", "ok", { settings: string[] }>
  | Is<"ciliumNotForIstio", "warning", { settings: string[]; field: string }>
  | Is<"ciliumChangedByOthers", "warning", { said: string[] }>
  /** They differ although the mesh stands, and an unchanged stack does not look again. */
  | Is<"ciliumChangedSince", "warning", { settings: string[] }>
  | Is<"ciliumWithoutConfig", "error" | "warning", { namespace: string; field: string }>
  | Is<"ciliumSeveral", "error", { daemonSets: string[]; field: string }>
  // What is there of Istio, and where it goes.
  | Is<"noIstio", "ok">
  | Is<"ownIstio", "ok">
  | Is<"othersIstio", "error", { parts: string[] }>
  | Is<"othersResources", "error", { resources: string[] }>
  | Is<"namespaceComes", "ok", { namespace: string }>
  | Is<"namespaceOurs", "ok", { namespace: string }>
  | Is<"namespaceLent", "ok", { namespace: string }>
  | Is<"namespaceEnds", "error", { namespace: string; said: string }>
  | Is<"namespaceKeepsSidecarsOut", "error", { namespace: string; label: string }>
  | Is<"gatewayApi", "ok", { release: string; ours: boolean }>
  /** `release` is unknown where its source does not tell it without being downloaded. */
  | Is<"gatewayApiComes", "ok", { release?: string; from?: string }>
  | Is<"noGatewayApi", "ok">
  | Is<"gatewayApiDiffers", "warning", { releases: string[]; wanted: string; is: "newer" | "older" | "mixed" }>
  // Clocks, in seconds: at least so far apart. The peer is this machine where there is none.
  | Is<"clock", "ok", { accuracy: number }>
  | Is<"clockDiffers", "error" | "warning", { seconds: number; is: "ahead" | "behind"; bound: number }>;

/** A finding of one kind. */
export type FindingOf<Id extends PreflightFinding["id"]> = Extract<PreflightFinding, { id: Id }>;
