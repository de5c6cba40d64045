import type * as pulumi from "@pulumi/pulumi";
import { CiliumIstioPatch } from "../components/ciliumIstioPatch.ts";
import { ClusterClaim } from "../components/clusterClaim.ts";
import { clusterProvider } from "../components/clusterProvider.ts";
import { DefaultStorageClass } from "../components/defaultStorageClass.ts";
import { GatewayApiCrds } from "../components/gatewayApiCrds.ts";
import { IstioPrimaryCluster } from "../components/istioPrimaryCluster.ts";
import type * as k8s from "../components/kubernetes.ts";
import type { MeshCA } from "../components/meshCA.ts";
import { MetricsServer } from "../components/metricsServer.ts";
import { SampleBookinfo } from "../components/sampleBookinfo.ts";
import { clusterExtras } from "../config/extras.ts";
import type { LoadedCluster, LoadedConfig } from "../config/load.ts";
import type { Part } from "./lastSteps.ts";

/** A cluster of the mesh with its own control plane. */
export interface Member extends LoadedCluster {
  readonly provider: k8s.Provider;
  readonly claim: ClusterClaim;
  readonly primary: IstioPrimaryCluster;
}

/** Claims a cluster and creates its control plane and gateway. */
export function member(
  config: LoadedConfig,
  cluster: LoadedCluster,
  meshCA: MeshCA,
  dependsOn: pulumi.Input<pulumi.Resource[]>,
): Member {
  const { clusterDomain, istio, metricsServer, pullSecrets, awaitSeconds } = config;
  const { name, cilium } = cluster;
  const provider = clusterProvider(cluster, { dependsOn });
  const extras = clusterExtras(config, cluster);
  const claimed = {
    cluster: name,
    ...cluster,
    ...istio,
    istioVersion: cluster.istio.base.version,
    extras,
    awaitSeconds,
  };
  const claim = new ClusterClaim(name, claimed, { provider, dependsOn });
  // Cilium restarts while istiod starts.
  const patches = cilium.patch ? [new CiliumIstioPatch(name, { claim, ...cilium, awaitSeconds }).done] : [];
  const metrics = metricsServer
    ? [new MetricsServer(name, { claim, ...metricsServer, pods: cluster.pods, awaitSeconds }).done]
    : [];
  const primary = new IstioPrimaryCluster(
    name,
    {
      claim,
      ...cluster,
      ...istio,
      tag: cluster.istio.tag,
      charts: { base: cluster.istio.base.chart, istiod: cluster.istio.chart },
      next: cluster.istio.next,
      clusterDomain,
      pullSecrets,
      ca: meshCA.intermediate(name),
      prerequisites: metrics,
      podPrerequisites: patches,
      awaitSeconds,
    },
    { provider },
  );
  return { ...cluster, provider, claim, primary };
}

/** The sample's workloads in one cluster. */
export function sampleIn(
  { sample, pullSecrets, awaitSeconds }: LoadedConfig,
  { name, sampleVersion: version, claim, provider, pods, primary }: Member,
) {
  const { istiod, definitions, ofSample: injector } = primary;
  const after = { istiod: injector.ready, definitions, podPrerequisites: [injector.injection] };
  const args = { claim, version, pods, injector, ...after, ...sample, pullSecrets, awaitSeconds };
  const workloads = new SampleBookinfo(name, args, { provider });
  return { name, provider, istiod, definitions, workloads, namespace: workloads.namespace };
}

/**
 * Resources that the mesh itself does not need. They come after everything for which people wait. istiod uses the
 * Gateway API once it is installed.
 */
export function addOns(
  { gatewayApi: { source, access, sha256 }, awaitSeconds }: LoadedConfig,
  { name, claim, storageClass, primary }: Member,
  samples: readonly { readonly workloads: pulumi.Resource }[],
): Part[] {
  const after = { dependsOn: [primary.istiod, ...samples.map(({ workloads }) => workloads)] };
  const made = [
    ...(source ? [new GatewayApiCrds(name, { claim, source, access, sha256, awaitSeconds }, after)] : []),
    ...(storageClass ? [new DefaultStorageClass(name, { claim, storageClass }, after)] : []),
  ];
  return made.map((resource) => ({ clusters: [name], resource }));
}
