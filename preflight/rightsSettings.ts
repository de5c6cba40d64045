import type { ClusterConfig, MeshConfig } from "../config/parse.ts";
import { L7_PROXY } from "../mesh/ciliumSettings.ts";
import type { RightsSettings } from "./rights.ts";

type Mesh = Pick<MeshConfig, "gatewayApi" | "metricsServer" | "pullSecrets" | "sample"> & {
  readonly istio: Pick<MeshConfig["istio"], "keepCrds">;
};
type Cluster = Pick<ClusterConfig, "cilium" | "storageClass"> & { readonly istio?: ClusterConfig["istio"] };

/** Settings that determine the rights needed in one of the config's clusters. */
export function rightsSettings(
  { gatewayApi, metricsServer, istio, pullSecrets, sample }: Mesh,
  { cilium, storageClass, istio: own }: Cluster,
  { probe }: Pick<RightsSettings, "probe">,
): RightsSettings {
  return {
    gatewayApi: gatewayApi.source !== undefined,
    metricsServer: metricsServer.source !== undefined,
    storageClass: storageClass !== undefined,
    cilium: cilium.patch && { namespace: cilium.namespace, l7: !cilium.leave.includes(L7_PROXY) },
    keepCrds: istio.keepCrds,
    sample: sample.enabled && {
      namespace: sample.namespace,
      pullSecrets: pullSecrets.some(({ login }) => login !== undefined),
      traffic: sample.traffic.kind !== "none",
    },
    ...(own?.next && { secondIstiod: true }),
    probe,
  };
}
