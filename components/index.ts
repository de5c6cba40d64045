// The package's public exports: `import { IstioPrimaryCluster } from "csp-mesh"`.
export { type ChartSource, chartSource } from "../config/charts.ts";
export type { Csp } from "../csp/profiles.ts";
export { profiles } from "../csp/profiles.ts";
export { defaultGateway, type GatewayOptions } from "../mesh/gatewayOptions.ts";
export { defaultIstiod, type IstiodOptions } from "../mesh/istiodOptions.ts";
export { DEFAULT_ISTIO, gatewayApiManifest } from "../mesh/istioLines.ts";
export { linkName } from "../mesh/linkName.ts";
export { reviewsVersion } from "../mesh/reviewsVersion.ts";
export type { SampleTrafficPolicy } from "../mesh/trafficRules.ts";
export { probeClusters, proxyImage } from "../probe/clusters.ts";
export { CiliumIstioPatch, type CiliumIstioPatchArgs } from "./ciliumIstioPatch.ts";
export { ClusterClaim, type ClusterClaimArgs, type ClusterExtras } from "./clusterClaim.ts";
export { type ClusterProviderArgs, clusterProvider } from "./clusterProvider.ts";
export { CrossNetworkLink, type CrossNetworkLinkArgs } from "./crossNetworkLink.ts";
export { DefaultStorageClass, type DefaultStorageClassArgs, type StorageClassOptions } from "./defaultStorageClass.ts";
export { DestroyGuard, type DestroyGuardArgs } from "./destroyGuard.ts";
export { EastWestGateway, type EastWestGatewayArgs } from "./eastWestGateway.ts";
export { GatewayApiCrds, type GatewayApiCrdsArgs } from "./gatewayApiCrds.ts";
export { GoneCluster } from "./goneCluster.ts";
export { IstioPrimaryCluster, type IstioPrimaryClusterArgs } from "./istioPrimaryCluster.ts";
export {
  type GeneratedCAArgs,
  type IntermediateCA,
  MeshCA,
  type MeshCAArgs,
  type OwnIntermediatesArgs,
  type OwnRootArgs,
} from "./meshCA.ts";
export { type ClusterAccess, MeshResource } from "./meshResource.ts";
export { MetricsServer, type MetricsServerArgs } from "./metricsServer.ts";
export type { PullSecret } from "./pullSecrets.ts";
export { ReachabilityProbe, type ReachabilityProbeArgs } from "./reachabilityProbe.ts";
export type { RemoteAccess } from "./readerToken.ts";
export { SampleBookinfo, type SampleBookinfoArgs } from "./sampleBookinfo.ts";
export { SampleTraffic, type SampleTrafficArgs } from "./sampleTraffic.ts";
export { VmAccount, type VmAccountArgs, type VmHost } from "./vmAccount.ts";
