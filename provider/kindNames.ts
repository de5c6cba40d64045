/** Types of all resources of the provider are this and a kind's name. */
export const MODULE = "csp-mesh:cluster:";

/** Types of resources that the provider knows. */
export type KindName =
  | "ClusterClaim"
  | "ClusterCleanup"
  | "GoneCluster"
  | "RemoteSecretForgotten"
  | "InterruptedReleases"
  | "ReleaseObjects"
  | "IstiodRemoval"
  | "PodInjection"
  | "GatewayReady"
  | "DeploymentReady"
  | "RemoteSecretInUse"
  | "CiliumSettings"
  | "GatewayApiDefinitions"
  | "DefaultStorageClass"
  | "MetricsServer"
  | "SampleNamespace"
  | "ProbeLeftovers"
  | "Reachability"
  | "DestroyGuard";
