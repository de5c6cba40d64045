// All findings of the preflight. `i18n/preflightEn.ts` and `i18n/preflightKo.ts` contain their texts.

import type { FaultsFound } from "./istioFaults.ts";
import type { RotationPhase } from "./rootPhases.ts";
import type { Severity } from "./severity.ts";

type Is<Id extends string, Of extends Severity, Facts = unknown> = {
  readonly id: Id;
  readonly severity: Of;
  /** The cluster's name in the mesh. */
  readonly cluster: string;
  /** The other cluster, if the finding concerns two. */
  readonly peer?: string;
} & Readonly<Facts>;

/** CPU in millicores, memory in mebibytes. */
export interface Room {
  readonly cpu: number;
  readonly memory: number;
}

/** Why nodes do not accept pods, apart from free CPU and memory. */
export interface NodeExclusions {
  /** Whether an autoscaler may add nodes. */
  readonly grows: boolean;
  /** Number of all nodes. */
  readonly nodes: number;
  /** Taints that are not tolerated, as `key=value:effect`, each with the needed toleration as YAML. */
  readonly taints: readonly { readonly taint: string; readonly toleration: string; readonly nodes: number }[];
  /** Nodes that a node selector or an affinity excludes. */
  readonly unselected: number;
  readonly cordoned: number;
}

/**
 * What refuses an object. `podSecurityOfSidecars`: refused because its sidecar's init container configures the pod's
 * network.
 */
export type RefusedBy = { readonly is: "podSecurity" | "podSecurityOfSidecars" | "quota" | "other" } | RefusedByName;

export interface RefusedByName {
  readonly is: "webhook" | "brokenWebhook" | "policy";
  readonly name: string;
}

export type PreflightFinding =
  // Connections by the kubeconfig. In an existing mesh, an unreachable cluster does not prevent changes in the others.
  | Is<"reached", "ok", { server: string; command?: string }>
  /** The credentials command failed. */
  | Is<"commandFailed", "error" | "warning", { command: string; said: string }>
  | Is<"notReached", "error" | "warning", { server: string; said: string }>
  | Is<"noApiServer", "error", { server: string; status: number }>
  | Is<"notLetIn", "error" | "warning", { server: string; command?: string }>
  | Is<"sameCluster", "error", { peer: string; uid: string }>
  // Versions. `lines` are the minor versions of Istio that support the Kubernetes version.
  | Is<"supported", "ok", { istio: string; kubernetes: string }>
  | Is<"unsupported", "error" | "warning", { istio: string; kubernetes: string; supported: string; lines: string[] }>
  | Is<"istioNotListed", "warning", { istio: string; listed: string }>
  | Is<"istioAtEndOfLife", "warning", { istio: string; date: string; lines: string[] }>
  // Known faults of this release. `mended` is the first release of its line without them.
  | Is<"istioFaults", "warning", { istio: string; faults: FaultsFound["faults"]; mended: string }>
  // Rights of the account.
  | Is<"allowed", "ok", { rights: number | "all" }>
  | Is<"notAllowed", "error", { rights: string[] }>
  /** Additional rights for a root rotation that is under way. */
  | Is<"notAllowedForRotation", "warning", { rights: string[] }>
  | Is<"notSeen", "warning", { paths: string[] }>
  | Is<"notChecked", "warning", { said: string[] }>
  // Nodes and their free capacity; images and a hub in registries that are shut down.
  | Is<"endedRegistry", "warning", { images: string[] }>
  | Is<"endedHub", "warning", { hub: string }>
  | Is<"nodesReady", "ok", { nodes: number }>
  | Is<"nodesNotReady", "warning", { names: string[]; usable: number }>
  | Is<"noNode", "error", { notReady: string[]; cordoned: string[] }>
  | Is<"room", "ok", { pods: number; needed: Room; free: Room }>
  | Is<"noRoom", "error" | "warning", { pods: string[]; needed: Room; free: Room } & NodeExclusions>
  /** No node accepts the pods, even with enough room. */
  | Is<"noNodeForPods", "error" | "warning", { pods: string[] } & NodeExclusions>
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
  // Load balancers of the provider.
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
  /** The settings differ although the mesh exists. An unchanged stack corrects them only with --refresh. */
  | Is<"ciliumChangedSince", "warning", { settings: string[] }>
  /**
   * `uses` would stop working, or prevent agents from starting. Only a warning if this mesh has set the key before,
   * because it leaves the key alone now.
   */
  | Is<"ciliumL7InUse", "error" | "warning", { uses: string[]; key: string; field: string }>
  | Is<"ciliumWithoutConfig", "error" | "warning", { namespace: string; field: string }>
  | Is<"ciliumSeveral", "error", { daemonSets: string[]; field: string }>
  // Claims, and an existing Istio.
  | Is<"claimed", "ok", { owner: string }>
  | Is<"claimedByOther", "error", { owner: string; mesh: string; name: string }>
  /** The context refers to another cluster of this mesh. */
  | Is<"claimedAsOther", "error", { name: string }>
  | Is<"noIstio", "ok">
  | Is<"ownIstio", "ok">
  /** The webhook still validates Istio's resources. */
  | Is<"istiodMissing", "warning", { webhook: string }>
  | Is<"othersIstio", "error", { parts: string[] }>
  | Is<"othersResources", "error", { resources: string[] }>
  | Is<"namespaceComes", "ok", { namespace: string }>
  | Is<"namespaceOurs", "ok", { namespace: string }>
  | Is<"namespaceLent", "ok", { namespace: string }>
  | Is<"namespaceEnds", "error", { namespace: string; said: string }>
  | Is<"namespaceKeepsSidecarsOut", "error", { namespace: string; label: string }>
  | Is<"systemKeepsProxiesOut", "error", { namespace: string; label: string }>
  // Dry runs of the objects that pulumi up will create.
  | Is<"refused", "error", { objects: string[]; namespace?: string; said: string; by: RefusedBy }>
  | Is<"namesTaken", "error" | "warning", { namespace: string; objects: string[] }>
  /** Their namespace does not exist yet, so the dry run was in the namespace `default`. */
  | Is<"refusedInDefault", "warning", { objects: string[]; namespace: string; said: string; by: RefusedByName }>
  | Is<"dryRunsRefused", "ok", { webhooks: string[] }>
  // OpenShift's SecurityContextConstraints, and whether the Helm values fit them.
  | Is<"openShift", "ok">
  | Is<"openShiftRefuses", "warning">
  | Is<"gatewayApi", "ok", { release: string; ours: boolean }>
  /** `release` is undefined if it cannot be determined without downloading the source. */
  | Is<"gatewayApiComes", "ok", { release?: string; from?: string }>
  | Is<"noGatewayApi", "ok">
  // Istio ignores kinds of a Gateway API release. `wanted` is the release with which this Istio was built.
  | Is<
      "gatewayApiKindsIgnored",
      "warning",
      { release: string; istio: string; kinds: string[]; wanted: string; ours: boolean }
    >
  | Is<"gatewayApiDiffers", "warning", { releases: string[]; wanted: string; is: "newer" | "older" | "mixed" }>
  /** The cluster's position in the list has changed. Setting `field` keeps the running version. */
  | Is<"sampleMoves", "warning", { version: number; wanted: number; field: string }>
  // The CA. Roots are identified by the first bytes of their SHA-256 fingerprints.
  | Is<"rootKept", "ok", { root: string }>
  /** `field` of the config would replace the live root. */
  | Is<"rootWouldChange", "error", { field: string; live: string; wanted: string }>
  | Is<"rootsDiffer", "error", { peer: string; root: string; peerRoot: string }>
  /** A phase of the root rotation would be skipped; "done" means no rotation. */
  | Is<"rootStepSkipped", "error", { live: RotationPhase; wanted: RotationPhase | "done" }>
  | Is<"rootUnreadable", "warning">
  /**
   * A root that the program generated expires; `days` is a whole number. Roots in the config have warnings of their
   * own.
   */
  | Is<"rootEnds", "warning", { date: string; days: number }>
  // Clock differences in seconds, as lower bounds. Without `peer`, the difference is to this machine.
  | Is<"clock", "ok", { accuracy: number }>
  | Is<"clockDiffers", "error" | "warning", { seconds: number; is: "ahead" | "behind"; bound: number }>;

/** A finding of one kind. */
export type FindingOf<Id extends PreflightFinding["id"]> = Extract<PreflightFinding, { id: Id }>;

/** Whether the finding means that its cluster cannot be reached. */
export const isUnreached = ({ id }: Pick<PreflightFinding, "id">) =>
  id === "notReached" || id === "commandFailed" || id === "notLetIn";
