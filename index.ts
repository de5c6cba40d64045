import { CrossNetworkLink } from "./components/crossNetworkLink.ts";
import { DestroyGuard } from "./components/destroyGuard.ts";
import { GoneCluster } from "./components/goneCluster.ts";
import { MeshCA } from "./components/meshCA.ts";
import { ReachabilityProbe } from "./components/reachabilityProbe.ts";
import { SampleTraffic } from "./components/sampleTraffic.ts";
import { VmAccount } from "./components/vmAccount.ts";
import { loadConfig } from "./config/load.ts";
import { linkName } from "./mesh/linkName.ts";
import { preflight } from "./preflight/beforeUp.ts";
import { probeClusters, proxyImage } from "./probe/clusters.ts";
import { LastSteps, type Part } from "./program/lastSteps.ts";
import { addOns, member, sampleIn } from "./program/member.ts";
import { kubeconfigsOutput, meshOutput, todoOutput } from "./program/outputs.ts";
import { stackWithPaths } from "./program/stacks.ts";

Error.prepareStackTrace = stackWithPaths;
const config = await loadConfig();
const { clusters, istio, pullSecrets, ca, rootRotation: rotation, sample, vmAccount, awaitSeconds } = config;

// Check whether the clusters are ready for the mesh before anything is created.
const lastSteps = new LastSteps(await preflight(config));

// Remove the resources of permanently gone clusters from the state without contacting these clusters.
const gone = config.gone.map(({ name }) => new GoneCluster(name));

// One root CA, and an intermediate CA for each cluster.
const generations = Object.fromEntries(clusters.map(({ name, caGeneration }) => [name, caGeneration]));
const meshCA = new MeshCA("mesh-ca", { clusters: Object.keys(generations), generations, ...ca, rotation });

// Test once, from inside the clusters, whether they reach each other.
const { probe: isProbed, probeResources: resources } = config.preflight;
const probe = { clusters: probeClusters(clusters, istio.externalGateways), image: proxyImage(istio), resources };
const probed = isProbed ? [new ReachabilityProbe("reachability", { ...probe, pullSecrets, awaitSeconds }).done] : [];
const before = [...gone, ...probed];

// Each cluster gets its own control plane, and a gateway into its network.
const members = clusters.map((cluster) => member(config, cluster, meshCA, lastSteps.before(cluster.name, before)));

// Every control plane watches every other cluster, except leaving ones.
const links = members.flatMap(({ name, claim: target, provider }) =>
  members
    .filter((source) => source.name !== name && source.isStaying)
    .map(({ name: source, primary: { remoteAccess } }): Part => {
      const link = new CrossNetworkLink(linkName(source, name), { source: remoteAccess, target }, { provider });
      return { clusters: [source, name], resource: link };
    }),
);

// The sample's server and client in each cluster.
const samples = (sample.enabled ? members : []).map((member) => sampleIn(config, member));

// Traffic rules for the sample, unless any cluster may answer.
const versions = Object.fromEntries(clusters.map(({ name, sampleVersion }) => [name, `v${sampleVersion}`]));
const { traffic } = sample;
const ruled = { versions, clusterDomain: config.clusterDomain, clusters: samples };
const isRuled = sample.enabled && traffic.kind !== "none";
const rules = isRuled ? [new SampleTraffic("sample-traffic", { traffic, ...ruled })] : [];

// Resources that the mesh does not need come last; istiod uses the Gateway API once it is installed.
const extras = members.flatMap((member) => addOns(config, member, lastSteps.waitedFor(member.name, samples)));

// The account on machines outside of the clusters, for the portal's installer.
const accounts = vmAccount ? [new VmAccount("vm-account", vmAccount, { dependsOn: probed })] : [];

const parts: Part[] = [
  ...members.map(({ name, primary: resource }) => ({ clusters: [name], resource })),
  ...links,
  ...samples.map(({ name, workloads: resource }) => ({ clusters: [name], resource })),
  ...rules.map((resource) => ({ clusters: clusters.map(({ name }) => name), resource })),
  ...extras,
  ...accounts.map((resource) => ({ clusters: [], resource })),
];
lastSteps.release(parts);

// Before a destroy deletes anything: refuse if custom resources of others would be deleted as well.
for (const { name, claim } of members) {
  const args = { claim, keepCrds: istio.keepCrds, ...(sample.enabled && { sample: sample.namespace }) };
  new DestroyGuard(name, args, { dependsOn: parts.map(({ resource }) => resource) });
}

export const mesh = meshOutput(config, members, meshCA, versions);
export const kubeconfigs = kubeconfigsOutput(members);
/** Manual steps in a provider's console, by cluster. */
export const todo = todoOutput(config, members);
/** The private key of the account on machines; null without an account. Secret. */
export const vmAccountKey = accounts[0]?.privateKey ?? null;
