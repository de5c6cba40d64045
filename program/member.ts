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

/** Claims a cluster, and makes a control plane and a gateway in it. */
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
  // It restarts Cilium while istiod comes up.
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

/** The workloads that prove the mesh, in one cluster. */
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

/** What the mesh itself does not need, after all that people wait for; istiod takes the Gateway API up when it is there. */
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
