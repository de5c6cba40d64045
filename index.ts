import { CiliumIstioPatch } from "./components/ciliumIstioPatch.ts";
import { clusterProvider } from "./components/clusterProvider.ts";
import { CrossNetworkLink } from "./components/crossNetworkLink.ts";
import { GatewayApiCrds } from "./components/gatewayApiCrds.ts";
import { IstioPrimaryCluster } from "./components/istioPrimaryCluster.ts";
import { MeshCA } from "./components/meshCA.ts";
import { reviewsVersion, SampleBookinfo } from "./components/sampleBookinfo.ts";
import { loadConfig } from "./config/load.ts";

const { clusters, istio, gatewayApi, ca, sample, awaitSeconds } = loadConfig();

// One root of trust, and below it an intermediate CA for each cluster.
const meshCA = new MeshCA("mesh-ca", { clusters: clusters.map(({ name }) => name), ...ca });

// In each cluster a control plane of its own, and a gateway into its network.
const members = clusters.map(({ name, kubeconfig, context, cilium, ...cluster }) => {
  const provider = clusterProvider({ cluster: name, kubeconfig, context });
  const { source } = gatewayApi;
  const access = { kubeconfig, context, awaitSeconds };
  const prerequisites = [
    ...(cilium.patch ? [new CiliumIstioPatch(name, { ...access, ...cilium }).done] : []),
    ...(source !== undefined ? [new GatewayApiCrds(name, { ...access, source }).done] : []),
  ];
  const primary = new IstioPrimaryCluster(
    name,
    { cluster: name, ...cluster, ...istio, ca: meshCA.intermediate(name), prerequisites, awaitSeconds },
    { provider },
  );
  return { name, network: cluster.network, kubeconfig, context, provider, primary };
});

// Every control plane watches every other cluster.
for (const target of members) {
  for (const source of members.filter((member) => member !== target)) {
    new CrossNetworkLink(
      `${source.name}-to-${target.name}`,
      { source: source.primary.remoteAccess, namespace: target.primary.namespace },
      { provider: target.provider },
    );
  }
}

// Something to ask, and something that asks, in each cluster.
if (sample.enabled) {
  members.forEach(({ name, provider, primary }, position) => {
    new SampleBookinfo(
      name,
      { cluster: name, version: reviewsVersion(position), istiod: primary.istiod, ...sample, awaitSeconds },
      { provider },
    );
  });
}

/** What a proof of the mesh has to know; nothing of it is secret. */
export const mesh = {
  id: istio.meshId,
  rootCertificate: meshCA.rootCertificate,
  clusters: members.map(({ name, network, kubeconfig, context, primary }) => ({
    name,
    network,
    kubeconfig,
    context,
    gatewayAddress: primary.gatewayAddress,
  })),
  sample: sample.enabled ? { namespace: sample.namespace } : null,
};
