// What other Pulumi programs import: `import { IstioPrimaryCluster } from "csp-mesh"`.
export { type ChartSource, chartSource } from "../config/charts.ts";
export type { Csp } from "../csp/profiles.ts";
export { profiles } from "../csp/profiles.ts";
export { type ClusterHookArgs, clusterHook } from "./clusterHook.ts";
export { type ClusterProviderArgs, clusterProvider } from "./clusterProvider.ts";
export { CrossNetworkLink, type CrossNetworkLinkArgs } from "./crossNetworkLink.ts";
export { DefaultStorageClass, type DefaultStorageClassArgs, type StorageClassOptions } from "./defaultStorageClass.ts";
export { EastWestGateway, type EastWestGatewayArgs } from "./eastWestGateway.ts";
export { defaultGateway, type GatewayOptions } from "./gatewayOptions.ts";
export { defaultIstiod, type IstiodOptions } from "./istiodOptions.ts";
export { IstioPrimaryCluster, type IstioPrimaryClusterArgs } from "./istioPrimaryCluster.ts";
export {
  type GeneratedCAArgs,
  type IntermediateCA,
  MeshCA,
  type MeshCAArgs,
  type OwnIntermediatesArgs,
  type OwnRootArgs,
} from "./meshCA.ts";
export { MetricsServer, type MetricsServerArgs } from "./metricsServer.ts";
export { ReachabilityProbe, type ReachabilityProbeArgs } from "./reachabilityProbe.ts";
export type { RemoteAccess } from "./readerToken.ts";
export { reviewsVersion } from "./reviewsVersion.ts";
export { SampleBookinfo, type SampleBookinfoArgs } from "./sampleBookinfo.ts";
export { VmAccount, type VmAccountArgs, type VmHost } from "./vmAccount.ts";
