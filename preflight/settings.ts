import type { ClusterConfig, MeshConfig } from "../config/parse.ts";
import type { RootSettings } from "../mesh/caIdentity.ts";
import type { RotationPhase } from "../mesh/rootPhases.ts";

/** What the preflight has to know of a cluster. */
export type ClusterSettings = Pick<
  ClusterConfig,
  | "name"
  | "position"
  | "sampleVersion"
  | "network"
  | "csp"
  | "kubeconfig"
  | "context"
  | "cilium"
  | "gateway"
  | "ingress"
  | "pods"
  | "storageClass"
  | "istio"
>;

/** What it has to know of the mesh: all of it is in every config. */
export interface MeshSettings
  extends Pick<MeshConfig, "clusterDomain" | "gatewayApi" | "metricsServer" | "pullSecrets" | "sample" | "preflight"> {
  readonly clusters: readonly ClusterSettings[];
  /** `organization/project/stack`; undefined where only a config file is known. */
  readonly owner?: string | undefined;
  readonly ca: RootSettings;
  readonly rootRotation?: { readonly phase: RotationPhase; readonly ca: RootSettings } | undefined;
  readonly istio: Omit<MeshConfig["istio"], "charts" | "chartAccess">;
}

/** Where a cluster's entry stands in the stack file: `clusters[1]`. */
export function fieldOf(_: MeshSettings, { position }: ClusterSettings): string {
  return `clusters[${position}]`;
}
