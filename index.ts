import "./config/quietRuntime.ts";
import * as pulumi from "@pulumi/pulumi";
import { CiliumIstioPatch } from "./components/ciliumIstioPatch.ts";
import { ClusterClaim } from "./components/clusterClaim.ts";
import { clusterProvider } from "./components/clusterProvider.ts";
import { CrossNetworkLink } from "./components/crossNetworkLink.ts";
import { DefaultStorageClass } from "./components/defaultStorageClass.ts";
import { DestroyGuard } from "./components/destroyGuard.ts";
import { GatewayApiCrds } from "./components/gatewayApiCrds.ts";
import { GoneCluster } from "./components/goneCluster.ts";
import { IstioPrimaryCluster } from "./components/istioPrimaryCluster.ts";
import { MeshCA } from "./components/meshCA.ts";
import { MetricsServer } from "./components/metricsServer.ts";
import { ReachabilityProbe } from "./components/reachabilityProbe.ts";
import { SampleBookinfo } from "./components/sampleBookinfo.ts";
import { SampleTraffic } from "./components/sampleTraffic.ts";
import { VmAccount } from "./components/vmAccount.ts";
import { clusterExtras } from "./config/extras.ts";
import { loadConfig } from "./config/load.ts";
import { linkName } from "./mesh/linkName.ts";
import { reviewsVersion } from "./mesh/reviewsVersion.ts";
import { preflight } from "./preflight/beforeUp.ts";
import { probeClusters, proxyImage } from "./probe/clusters.ts";

const config = await loadConfig();
const { clusters, istio, gatewayApi, metricsServer, pullSecrets, ca, sample, vmAccount, awaitSeconds } = config;

// Before anything is made: can the mesh work in these clusters?
await preflight(config);

// Clusters that are gone for good: what the stack has of them leaves it without being reached.
const gone = config.gone.map(({ name }) => new GoneCluster(name));

// One root of trust, and below it an intermediate CA for each cluster.
const meshCA = new MeshCA("mesh-ca", { clusters: clusters.map(({ name }) => name), ...ca });

// And do they reach each other? Tried once, from inside.
const probed = config.preflight.probe
  ? [
      new ReachabilityProbe("reachability", {
        clusters: probeClusters(clusters, istio.externalGateways),
        image: proxyImage(istio),
        pullSecrets,
        awaitSeconds,
      }).done,
    ]
  : [];
const before = { dependsOn: [...gone, ...probed] };

// In each cluster a control plane of its own, and a gateway into its network.
const members = clusters.map((cluster) => {
  const { name, cilium } = cluster;
  const provider = clusterProvider(cluster);
  const extras = clusterExtras(config, cluster);
  const claimed = { cluster: name, ...cluster, ...istio, extras, awaitSeconds };
  const claim = new ClusterClaim(name, claimed, { provider, ...before });
  // It restarts Cilium while istiod comes up.
  const patches = cilium.patch ? [new CiliumIstioPatch(name, { claim, ...cilium, awaitSeconds }).done] : [];
  const metrics = metricsServer ? [new MetricsServer(name, { claim, ...metricsServer, awaitSeconds }).done] : [];
  const primary = new IstioPrimaryCluster(
    name,
    {
      claim,
      ...cluster,
      ...istio,
      pullSecrets,
      ca: meshCA.intermediate(name),
      prerequisites: metrics,
      podPrerequisites: patches,
      awaitSeconds,
    },
    { provider },
  );
  return { ...cluster, provider, claim, patches, primary };
});

// Every control plane watches every other cluster.
const links = members.flatMap(({ name, claim: target, provider }) =>
  members
    .filter((source) => source.name !== name)
    .map(({ name: source, primary }) => {
      return new CrossNetworkLink(linkName(source, name), { source: primary.remoteAccess, target }, { provider });
    }),
);

// Something to ask, and something that asks, in each cluster.
const samples = (sample.enabled ? members : []).map(({ name, position, claim, provider, patches, primary }) => {
  const { istiod, definitions } = primary;
  const args = { claim, version: reviewsVersion(position), istiod, definitions, podPrerequisites: patches, ...sample };
  const workloads = new SampleBookinfo(name, { ...args, pullSecrets, awaitSeconds }, { provider });
  return { name, provider, istiod, definitions, workloads, namespace: workloads.namespace };
});

// Who answers, where it is not just anyone.
const versions = Object.fromEntries(clusters.map(({ name, position }) => [name, `v${reviewsVersion(position)}`]));
const { traffic } = sample;
const isRuled = sample.enabled && traffic.kind !== "none";
const rules = isRuled ? [new SampleTraffic("sample-traffic", { traffic, versions, clusters: samples })] : [];

// What the mesh itself does not need comes last; istiod takes the Gateway API up when it is there.
const extras = members.flatMap(({ name, claim, storageClass, primary }) => {
  const after = { dependsOn: [primary.istiod, ...samples.map(({ workloads }) => workloads)] };
  const { source, access } = gatewayApi;
  return [
    ...(source ? [new GatewayApiCrds(name, { claim, source, access, awaitSeconds }, after)] : []),
    ...(storageClass ? [new DefaultStorageClass(name, { claim, storageClass }, after)] : []),
  ];
});

// Beside the clusters, for the portal's installer.
const accounts = vmAccount ? [new VmAccount("vm-account", vmAccount, { dependsOn: probed })] : [];

// Asked before any of it is deleted: would somebody's own resources go as well?
const primaries = members.map(({ primary }) => primary);
const all = [...primaries, ...links, ...samples.map(({ workloads }) => workloads), ...rules, ...extras, ...accounts];
for (const { name, claim } of members) {
  const namespaces = sample.enabled ? { sample: sample.namespace } : {};
  new DestroyGuard(name, { claim, keepCrds: istio.keepCrds, ...namespaces }, { dependsOn: all });
}

/** What a proof of the mesh has to know; nothing of it is secret. */
export const mesh = {
  id: istio.meshId,
  rootCertificate: meshCA.rootCertificate,
  clusters: members.map(({ name, network, kubeconfigPath, context, primary: { gatewayAddress } }) => {
    return { name, network, kubeconfig: kubeconfigPath, context, gatewayAddress };
  }),
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
