import type { Kind, State } from "./kind.ts";
import { type KindName, MODULE } from "./kindNames.ts";
import type { Properties } from "./properties.ts";

/** A kind's module is loaded when its first resource is processed. */
const kinds: Readonly<Record<KindName, () => Promise<unknown>>> = {
  ClusterClaim: async () => (await import("./kinds/clusterClaim.ts")).clusterClaim,
  GoneCluster: async () => (await import("./kinds/goneCluster.ts")).goneCluster,
  RemoteSecretForgotten: async () => (await import("./kinds/remoteSecretForgotten.ts")).remoteSecretForgotten,
  ClusterCleanup: async () => (await import("./kinds/clusterCleanup.ts")).clusterCleanup,
  InterruptedReleases: async () => (await import("./kinds/interruptedReleases.ts")).interruptedReleases,
  ReleaseObjects: async () => (await import("./kinds/releaseObjects.ts")).releaseObjects,
  IstiodRemoval: async () => (await import("./kinds/istiodRemoval.ts")).istiodRemoval,
  PodInjection: async () => (await import("./kinds/podInjection.ts")).podInjection,
  GatewayReady: async () => (await import("./kinds/gatewayReady.ts")).gatewayReady,
  DeploymentReady: async () => (await import("./kinds/deploymentReady.ts")).deploymentReady,
  RemoteSecretInUse: async () => (await import("./kinds/remoteSecretInUse.ts")).remoteSecretInUse,
  CiliumSettings: async () => (await import("./kinds/ciliumSettings.ts")).ciliumSettings,
  GatewayApiDefinitions: async () => (await import("./kinds/gatewayApiDefinitions.ts")).gatewayApiDefinitions,
  DefaultStorageClass: async () => (await import("./kinds/defaultStorageClass.ts")).defaultStorageClass,
  MetricsServer: async () => (await import("./kinds/metricsServer.ts")).metricsServer,
  SampleNamespace: async () => (await import("./kinds/sampleNamespace.ts")).sampleNamespace,
  ProbeLeftovers: async () => (await import("./kinds/probeLeftovers.ts")).probeLeftovers,
  Reachability: async () => (await import("./kinds/reachability.ts")).reachability,
  DestroyGuard: async () => (await import("./kinds/destroyGuard.ts")).destroyGuard,
};

/** All resource types of the provider. */
export const kindTypes: readonly string[] = Object.keys(kinds).map((name) => `${MODULE}${name}`);

/** @throws Error if there is no such kind */
export async function kindNamed(type: string): Promise<Kind<Properties, State>> {
  const load = kinds[type.slice(MODULE.length) as KindName];
  if (!type.startsWith(MODULE) || load === undefined) throw new Error(`csp-mesh has no resource type ${type}`);
  return (await load()) as unknown as Kind<Properties, State>;
}
