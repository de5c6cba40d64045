// All that the preflight can find. Each is told in every language by `i18n/preflightEn.ts` and `i18n/preflightKo.ts`.

import type { FaultsFound } from "./istioFaults.ts";
import type { RotationPhase } from "./rootPhases.ts";
import type { Severity } from "./severity.ts";

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

/** What keeps pods off nodes, other than room. */
export interface NodesKept {
  /** An autoscaler may add nodes. */
  readonly grows: boolean;
  /** Nodes in all. */
  readonly nodes: number;
  /** Taints that are not tolerated, as `key=value:effect`, and the toleration that each asks for, as YAML. */
  readonly taints: readonly { readonly taint: string; readonly toleration: string; readonly nodes: number }[];
  /** Nodes that a node selector or an affinity leaves out. */
  readonly unselected: number;
  readonly cordoned: number;
}

/** Who refuses an object. `podSecurityOfSidecars`: because its sidecar's init container sets up the pod's network. */
export type RefusedBy =
  | { readonly is: "podSecurity" | "podSecurityOfSidecars" | "quota" | "other" }
  | { readonly is: "webhook" | "brokenWebhook" | "policy"; readonly name: string };

export type PreflightFinding =
  // Reached as the kubeconfig says. Where the mesh stands, one cluster that is not reached keeps nobody from changing the others.
  | Is<"reached", "ok", { server: string; command?: string }>
  /** Its credentials come from a command, which failed. */
  | Is<"commandFailed", "error" | "warning", { command: string; said: string }>
  | Is<"notReached", "error" | "warning", { server: string; said: string }>
  | Is<"noApiServer", "error", { server: string; status: number }>
  | Is<"notLetIn", "error" | "warning", { server: string; command?: string }>
  | Is<"sameCluster", "error", { peer: string; uid: string }>
  // Versions. `lines` are Istio's that support the Kubernetes.
  | Is<"supported", "ok", { istio: string; kubernetes: string }>
  | Is<"unsupported", "error" | "warning", { istio: string; kubernetes: string; supported: string; lines: string[] }>
  | Is<"istioNotListed", "warning", { istio: string; listed: string }>
  | Is<"istioAtEndOfLife", "warning", { istio: string; date: string; lines: string[] }>
  // Known faults of this very release; `mended` is the first of its line without them.
  | Is<"istioFaults", "warning", { istio: string; faults: FaultsFound["faults"]; mended: string }>
  // What the account may do.
  | Is<"allowed", "ok", { rights: number | "all" }>
  | Is<"notAllowed", "error", { rights: string[] }>
  | Is<"notSeen", "warning", { paths: string[] }>
  | Is<"notChecked", "warning", { said: string[] }>
  // Nodes, and room on them.
  // Images, and a hub, of registries that are switched off.
  | Is<"endedRegistry", "warning", { images: string[] }>
  | Is<"endedHub", "warning", { hub: string }>
  | Is<"nodesReady", "ok", { nodes: number }>
  | Is<"nodesNotReady", "warning", { names: string[]; usable: number }>
  | Is<"noNode", "error", { notReady: string[]; cordoned: string[] }>
  | Is<"room", "ok", { pods: number; needed: Room; free: Room }>
  | Is<"noRoom", "error" | "warning", { pods: string[]; needed: Room; free: Room } & NodesKept>
  /** However empty the nodes are. */
  | Is<"noNodeForPods", "error" | "warning", { pods: string[] } & NodesKept>
  // The DNS domain of Services. `source`: where it was read; `shared`: the domain that all clusters have.
  | Is<"clusterDomain", "ok", { domain: string }>
  | Is<"clusterDomainUnknown", "ok" | "warning", { domain: string }>
  | Is<
      "clusterDomainDiffers",
      "error",
      { domains: readonly string[]; source: string; configured: string; shared: string }
    >
  | Is<
      "clusterDomainsDiffer",
      "error",
      { domains: readonly string[]; source: string; configured: string; peer: string; peerDomains: readonly string[] }
    >
  // What the provider gives.
  | Is<"loadBalancer", "ok", { address: "hostname" | "ip" | "unknown"; provider: string }>
  | Is<"externalAddress", "ok", { address: string }>
  | Is<"nodePortTaken", "error", { port: number; service: string; field: string }>
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
  /** They differ although the mesh stands, and an unchanged stack looks again only with --refresh. */
  | Is<"ciliumChangedSince", "warning", { settings: string[] }>
  /** `uses` would end, or keep agents from starting: a warning where this mesh set the key once, and leaves it alone now. */
  | Is<"ciliumL7InUse", "error" | "warning", { uses: string[]; key: string; field: string }>
  | Is<"ciliumWithoutConfig", "error" | "warning", { namespace: string; field: string }>
  | Is<"ciliumSeveral", "error", { daemonSets: string[]; field: string }>
  // What is there of Istio, and where it goes.
  | Is<"claimed", "ok", { owner: string }>
  | Is<"claimedByOther", "error", { owner: string; mesh: string; name: string }>
  /** The context leads to another cluster of this mesh. */
  | Is<"claimedAsOther", "error", { name: string }>
  | Is<"noIstio", "ok">
  | Is<"ownIstio", "ok">
  | Is<"othersIstio", "error", { parts: string[] }>
  | Is<"othersResources", "error", { resources: string[] }>
  | Is<"namespaceComes", "ok", { namespace: string }>
  | Is<"namespaceOurs", "ok", { namespace: string }>
  | Is<"namespaceLent", "ok", { namespace: string }>
  | Is<"namespaceEnds", "error", { namespace: string; said: string }>
  | Is<"namespaceKeepsSidecarsOut", "error", { namespace: string; label: string }>
  | Is<"systemKeepsProxiesOut", "error", { namespace: string; label: string }>
  // Dry runs of the objects that pulumi up will make.
  | Is<"refused", "error", { objects: string[]; namespace?: string; said: string; by: RefusedBy }>
  | Is<"namesTaken", "error" | "warning", { namespace: string; objects: string[] }>
  | Is<"dryRunsRefused", "ok", { webhooks: string[] }>
  // SecurityContextConstraints, and whether the Helm values are those for them.
  | Is<"openShift", "ok">
  | Is<"openShiftRefuses", "warning">
  | Is<"gatewayApi", "ok", { release: string; ours: boolean }>
  /** `release` is unknown where its source does not tell it without being downloaded. */
  | Is<"gatewayApiComes", "ok", { release?: string; from?: string }>
  | Is<"noGatewayApi", "ok">
  // Istio ignores kinds of a release of the Gateway API; `wanted` is the one that this Istio was built with.
  | Is<
      "gatewayApiKindsIgnored",
      "warning",
      { release: string; istio: string; kinds: string[]; wanted: string; ours: boolean }
    >
  | Is<"gatewayApiDiffers", "warning", { releases: string[]; wanted: string; is: "newer" | "older" | "mixed" }>
  /** The cluster's place in the list has changed; `field` keeps the version that runs. */
  | Is<"sampleMoves", "warning", { version: number; wanted: number; field: string }>
  // The CA. Roots are named by the first bytes of their SHA-256 fingerprints.
  | Is<"rootKept", "ok", { root: string }>
  /** `field` of the config would replace the live root. */
  | Is<"rootWouldChange", "error", { field: string; live: string; wanted: string }>
  | Is<"rootsDiffer", "error", { peer: string; root: string; peerRoot: string }>
  /** A phase of the root's rotation would be left out; "done" without a rotation. */
  | Is<"rootStepSkipped", "error", { live: RotationPhase; wanted: RotationPhase | "done" }>
  | Is<"rootUnreadable", "warning">
  /** One that the program made; days are whole. What the config gives is warned of there. */
  | Is<"rootEnds", "warning", { date: string; days: number }>
  // Clocks, in seconds: at least so far apart. The peer is this machine where there is none.
  | Is<"clock", "ok", { accuracy: number }>
  | Is<"clockDiffers", "error" | "warning", { seconds: number; is: "ahead" | "behind"; bound: number }>;

/** A finding of one kind. */
export type FindingOf<Id extends PreflightFinding["id"]> = Extract<PreflightFinding, { id: Id }>;

/** Whether its cluster cannot be asked. */
export const isUnreached = ({ id }: Pick<PreflightFinding, "id">) =>
  id === "notReached" || id === "commandFailed" || id === "notLetIn";
