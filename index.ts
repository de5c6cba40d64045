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

// Before anything is made: can the mesh work in these clusters?
const lastSteps = new LastSteps(await preflight(config));

// Clusters that are gone for good: what the stack has of them leaves it without being reached.
const gone = config.gone.map(({ name }) => new GoneCluster(name));

// One root of trust, and below it an intermediate CA for each cluster.
const generations = Object.fromEntries(clusters.map(({ name, caGeneration }) => [name, caGeneration]));
const meshCA = new MeshCA("mesh-ca", { clusters: Object.keys(generations), generations, ...ca, rotation });

// And do they reach each other? Tried once, from inside.
const { probe: isProbed, probeResources: resources } = config.preflight;
const probe = { clusters: probeClusters(clusters, istio.externalGateways), image: proxyImage(istio), resources };
const probed = isProbed ? [new ReachabilityProbe("reachability", { ...probe, pullSecrets, awaitSeconds }).done] : [];
const before = [...gone, ...probed];

// In each cluster a control plane of its own, and a gateway into its network.
const members = clusters.map((cluster) => member(config, cluster, meshCA, lastSteps.before(cluster.name, before)));

// Every control plane watches every other cluster, except those that leave.
const links = members.flatMap(({ name, claim: target, provider }) =>
  members
    .filter((source) => source.name !== name && source.isStaying)
    .map(({ name: source, primary: { remoteAccess } }): Part => {
      const link = new CrossNetworkLink(linkName(source, name), { source: remoteAccess, target }, { provider });
      return { clusters: [source, name], resource: link };
    }),
);

// Something to ask, and something that asks, in each cluster.
const samples = (sample.enabled ? members : []).map((member) => sampleIn(config, member));

// Who answers, where it is not just anyone.
const versions = Object.fromEntries(clusters.map(({ name, sampleVersion }) => [name, `v${sampleVersion}`]));
const { traffic } = sample;
const ruled = { versions, clusterDomain: config.clusterDomain, clusters: samples };
const isRuled = sample.enabled && traffic.kind !== "none";
const rules = isRuled ? [new SampleTraffic("sample-traffic", { traffic, ...ruled })] : [];

// What the mesh itself does not need comes last; istiod takes the Gateway API up when it is there.
const extras = members.flatMap((member) => addOns(config, member, lastSteps.waitedFor(member.name, samples)));

// Beside the clusters, for the portal's installer.
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

// Asked before any of it is deleted: would somebody's own resources go as well?
for (const { name, claim } of members) {
  const args = { claim, keepCrds: istio.keepCrds, ...(sample.enabled && { sample: sample.namespace }) };
  new DestroyGuard(name, args, { dependsOn: parts.map(({ resource }) => resource) });
}

export const mesh = meshOutput(config, members, meshCA, versions);
export const kubeconfigs = kubeconfigsOutput(members);
/** What is to be done in a provider's console now, by cluster. */
export const todo = todoOutput(config, members);
/** The private key of the account on machines, where there is one; secret. */
export const vmAccountKey = accounts[0]?.privateKey ?? null;
