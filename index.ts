import "./config/quietRuntime.ts";
import "./config/packedStructs.ts";
import * as pulumi from "@pulumi/pulumi";
import { CiliumIstioPatch } from "./components/ciliumIstioPatch.ts";
import { clusterProvider } from "./components/clusterProvider.ts";
import { CrossNetworkLink } from "./components/crossNetworkLink.ts";
import { DefaultStorageClass } from "./components/defaultStorageClass.ts";
import { DestroyGuard } from "./components/destroyGuard.ts";
import { GatewayApiCrds } from "./components/gatewayApiCrds.ts";
import { IstioPrimaryCluster } from "./components/istioPrimaryCluster.ts";
import { MeshCA } from "./components/meshCA.ts";
import { MetricsServer } from "./components/metricsServer.ts";
import { ReachabilityProbe } from "./components/reachabilityProbe.ts";
import { reviewsVersion } from "./components/reviewsVersion.ts";
import { SampleBookinfo } from "./components/sampleBookinfo.ts";
import { SampleTraffic } from "./components/sampleTraffic.ts";
import { VmAccount } from "./components/vmAccount.ts";
import { loadConfig } from "./config/load.ts";
import { preflight } from "./preflight/beforeUp.ts";
import { probeClusters, proxyImage } from "./preflight/probe/clusters.ts";

const config = await loadConfig();
const { clusters, istio, gatewayApi, metricsServer, pullSecrets, ca, sample, vmAccount, awaitSeconds } = config;

// Before anything is made: can the mesh work in these clusters? A preview makes nothing: there their plugins start meanwhile.
const looked = preflight(config);
if (!pulumi.runtime.isDryRun()) await looked;
const all = clusters.map((cluster) => {
  const { name, kubeconfig, context } = cluster;
  return { ...cluster, provider: clusterProvider({ cluster: name, kubeconfig, context }) };
});
await looked;

// One root of trust, and below it an intermediate CA for each cluster.
const meshCA = new MeshCA("mesh-ca", { clusters: clusters.map(({ name }) => name), ...ca });

// And do they reach each other? Tried once, from inside.
const probes = config.preflight.probe
  ? [
      new ReachabilityProbe("reachability", {
        clusters: probeClusters(clusters, istio.externalGateways),
        image: proxyImage(istio),
        pullSecrets,
        awaitSeconds,
      }).done,
    ]
  : [];
const afterProbe = { dependsOn: probes };

// In each cluster a control plane of its own, and a gateway into its network.
const members = all.map(({ name, kubeconfig, kubeconfigPath, context, provider, cilium, storageClass, ...cluster }) => {
  const access = { kubeconfig, context, awaitSeconds };
  // It restarts Cilium while istiod comes up.
  const podPrerequisites = cilium.patch ? [new CiliumIstioPatch(name, { ...access, ...cilium }, afterProbe).done] : [];
  const metrics = metricsServer ? [new MetricsServer(name, { ...access, ...metricsServer }, afterProbe)] : [];
  const primary = new IstioPrimaryCluster(
    name,
    {
      cluster: name,
      ...cluster,
      ...istio,
      pullSecrets,
      ca: meshCA.intermediate(name),
      access,
      prerequisites: metrics.map(({ done }) => done),
      podPrerequisites,
      awaitSeconds,
    },
    { provider, ...afterProbe },
  );
  const { network } = cluster;
  return {
    name,
    network,
    kubeconfig,
    kubeconfigPath,
    context,
    storageClass,
    provider,
    primary,
    podPrerequisites,
    metrics,
  };
});

// Every control plane watches every other cluster.
const links = members.flatMap((target) =>
  members
    .filter((source) => source !== target)
    .map(
      (source) =>
        new CrossNetworkLink(
          `${source.name}-to-${target.name}`,
          {
            source: source.primary.remoteAccess,
            namespace: target.primary.namespace,
            kubeconfig: target.kubeconfig,
            context: target.context,
          },
          { provider: target.provider },
        ),
    ),
);

// Something to ask, and something that asks, in each cluster.
const samples = members
  .filter(() => sample.enabled)
  .map(({ name, kubeconfig, context, provider, primary: { istiod, definitions }, podPrerequisites }, position) => {
    const access = { kubeconfig, context };
    const version = reviewsVersion(position);
    const workloads = new SampleBookinfo(
      name,
      { cluster: name, version, access, istiod, definitions, podPrerequisites, ...sample, pullSecrets, awaitSeconds },
      { provider, ...afterProbe },
    );
    return { name, provider, istiod, definitions, workloads, namespace: workloads.namespace };
  });

// What the mesh itself does not need comes last; istiod takes the Gateway API up when it is there.
const { source } = gatewayApi;
const extras = members.flatMap(({ name, kubeconfig, context, storageClass, primary }) => {
  const access = { kubeconfig, context, awaitSeconds };
  const after = { dependsOn: [primary.istiod, ...samples.map(({ workloads }) => workloads)] };
  return [
    ...(source ? [new GatewayApiCrds(name, { ...access, source, access: gatewayApi.access }, after)] : []),
    ...(storageClass ? [new DefaultStorageClass(name, { ...access, storageClass }, after)] : []),
  ];
});

// Who answers, where it is not just anyone.
const versions = Object.fromEntries(clusters.map(({ name }, position) => [name, `v${reviewsVersion(position)}`]));
const { traffic } = sample;
const rules =
  sample.enabled && traffic.kind !== "none"
    ? [new SampleTraffic("sample-traffic", { traffic, versions, clusters: samples })]
    : [];

// Beside the clusters, for the portal's installer.
const accounts = vmAccount ? [new VmAccount("vm-account", vmAccount, afterProbe)] : [];

// Asked before any of it is deleted: would somebody's own resources go as well?
for (const { name, kubeconfig, context } of members) {
  const access = { kubeconfig, context };
  new DestroyGuard(
    name,
    { cluster: name, access, keepCrds: istio.keepCrds },
    {
      dependsOn: [
        ...members.flatMap(({ primary, metrics }) => [primary, ...metrics]),
        ...links,
        ...samples.map(({ workloads }) => workloads),
        ...rules,
        ...extras,
        ...accounts,
      ],
    },
  );
}

/** What a proof of the mesh has to know; nothing of it is secret. */
export const mesh = {
  id: istio.meshId,
  rootCertificate: meshCA.rootCertificate,
  clusters: members.map(({ name, network, kubeconfigPath, context, primary }) => ({
    name,
    network,
    kubeconfig: kubeconfigPath,
    context,
    gatewayAddress: primary.gatewayAddress,
  })),
  sample: sample.enabled ? { namespace: sample.namespace, traffic: sample.traffic, versions } : null,
};

/** The kubeconfigs that are no files, by cluster, for the same proof. */
export const kubeconfigs = pulumi.secret(
  Object.fromEntries(
    members.filter(({ kubeconfigPath }) => !kubeconfigPath).map(({ name, kubeconfig }) => [name, kubeconfig]),
  ),
);

/** The private key of the account on machines, where there is one; secret. */
export const vmAccountKey = accounts[0]?.privateKey ?? null;
