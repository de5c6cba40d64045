/** Prefix of all resource types of the provider; a kind's name follows. */
export const MODULE = "csp-mesh:cluster:";

/** Names of the resource types of the provider. */
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
