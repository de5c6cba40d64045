import type { ClusterConfig, MeshConfig } from "../config/parse.ts";
import type { RootSettings } from "../mesh/caIdentity.ts";
import type { RotationPhase } from "../mesh/rootPhases.ts";

/** The settings of a cluster that the preflight needs. */
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

/** The settings of the mesh that the preflight needs. */
export interface MeshSettings
  extends Pick<MeshConfig, "clusterDomain" | "gatewayApi" | "metricsServer" | "pullSecrets" | "sample" | "preflight"> {
  readonly clusters: readonly ClusterSettings[];
  /** `organization/project/stack`; undefined if only a config file is known. */
  readonly owner?: string | undefined;
  readonly ca: RootSettings;
  readonly rootRotation?: { readonly phase: RotationPhase; readonly ca: RootSettings } | undefined;
  readonly istio: Omit<MeshConfig["istio"], "charts" | "chartAccess">;
}

/** Path of a cluster's entry in the stack file: `clusters[1]`. */
export function fieldOf(_: MeshSettings, { position }: ClusterSettings): string {
  return `clusters[${position}]`;
}
