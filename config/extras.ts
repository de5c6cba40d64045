import type { ClusterExtras } from "../components/clusterClaim.ts";
import type { LoadedCluster, LoadedConfig } from "./load.ts";

/** The features that a config enables in a cluster beside the mesh. */
export function clusterExtras(
  { gatewayApi, metricsServer, sample, pullSecrets }: LoadedConfig,
  { cilium, storageClass }: LoadedCluster,
): ClusterExtras {
  const logins = pullSecrets.filter(({ login }) => login !== undefined).map(({ name }) => name);
  return {
    cilium: cilium.patch ? { namespace: cilium.namespace } : undefined,
    gatewayApi: gatewayApi.source !== undefined,
    metricsServer: metricsServer !== undefined,
    storageClass: storageClass !== undefined,
    sample: sample.enabled ? { namespace: sample.namespace, logins } : undefined,
  };
}
