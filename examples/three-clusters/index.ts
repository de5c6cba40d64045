// Three clusters as one mesh, in your own program: npm run build in csp-mesh, npm install here, pulumi up.
import * as pulumi from "@pulumi/pulumi";
import {
  CiliumIstioPatch,
  ClusterClaim,
  CrossNetworkLink,
  chartSource,
  clusterProvider,
  DestroyGuard,
  defaultGateway,
  GatewayApiCrds,
  gatewayApiManifest,
  IstioPrimaryCluster,
  linkName,
  MeshCA,
  probeClusters,
  profiles,
  proxyImage,
  ReachabilityProbe,
} from "csp-mesh";

const version = "1.31.0";
// Or a folder with the charts: pulumi config set charts ./charts
const charts = new pulumi.Config().get("charts") ?? "https://blob.istio.io/istio-release/charts";
const mesh = { meshId: "mesh1", trustDomain: "cluster.local" };
const istio = {
  hub: "docker.io/istio",
  tag: version,
  charts: { base: chartSource(charts, "base", version, "."), istiod: chartSource(charts, "istiod", version, ".") },
  // KT gives load balancers no address: a person forwards this one to the node ports of the gateway's Service.
  externalGateways: [{ network: "kt", cluster: "kt", address: "203.0.113.20" }],
};

const kubeconfig = process.env.KUBECONFIG ?? "~/.kube/config";
const clusters = [
  { name: "ncloud", csp: "ncloud", context: "ncloud", server: "https://203.0.113.1:6443" },
  { name: "nhn", csp: "nhn", context: "nhn", server: "https://203.0.113.2:6443" },
  // The busiest cluster: its istiod gets more resources and more time to become ready.
  {
    name: "kt",
    csp: "kt",
    context: "kt",
    server: "https://203.0.113.3:6443",
    options: {
      awaitSeconds: 900,
      values: { base: {}, istiod: { pilot: { resources: { requests: { cpu: "2", memory: "4Gi" } } } } },
    },
  },
] as const;

const ca = new MeshCA("ca", {
  clusters: clusters.map(({ name }) => name),
  algorithm: "ECDSA",
  organization: "Example Agency",
  rootValidityHours: 10 * 365 * 24,
  intermediateValidityHours: 5 * 365 * 24,
});

// Before anything is created: test whether the clusters reach each other.
const asked = clusters.map(({ name, csp, context, server }, position) => ({
  ...{ name, position, csp, context, server, kubeconfig },
  pods: { nodeSelector: {}, tolerations: [] },
}));
const probe = new ReachabilityProbe("reachability", {
  clusters: probeClusters(asked, istio.externalGateways),
  image: proxyImage(istio),
});

const members = clusters.map(({ name, csp, context, server, ...cluster }) => {
  const provider = clusterProvider({ name, kubeconfig, context }, { dependsOn: probe.done });
  // From here on the cluster belongs to this stack: another stack that uses it is refused.
  const claim = new ClusterClaim(
    name,
    {
      ...{ cluster: name, kubeconfig, context, network: name, istioVersion: version, ...mesh },
      // Further features of this program, whose leftovers of killed runs are deleted with the mesh.
      extras: { cilium: {}, gatewayApi: true },
    },
    { provider, dependsOn: probe.done },
  );
  // Does nothing in a cluster without Cilium.
  const cilium = new CiliumIstioPatch(name, { claim });
  const gateway = { ...defaultGateway, annotations: profiles[csp].loadBalancerAnnotations };
  const options = "options" in cluster ? cluster.options : {};
  const primary = new IstioPrimaryCluster(
    name,
    { claim, server, ca: ca.intermediate(name), gateway, podPrerequisites: [cilium.done], ...istio, ...options },
    { provider },
  );
  return { name, claim, provider, primary };
});

const links = members.flatMap(({ name, claim: target, provider }) =>
  members
    .filter((source) => source.name !== name)
    .map(({ name: source, primary }) => {
      return new CrossNetworkLink(linkName(source, name), { source: primary.remoteAccess, target }, { provider });
    }),
);

const definitions = members.map(({ name, claim, primary }) => {
  return new GatewayApiCrds(name, { claim, source: gatewayApiManifest(version) }, { dependsOn: primary.istiod });
});

// Refuse a destroy that would delete custom resources of others together with Istio's CRDs.
const all = [...members.map(({ primary }) => primary), ...links, ...definitions];
for (const { name, claim } of members) new DestroyGuard(name, { claim, keepCrds: false }, { dependsOn: all });

export const gateways = members.map(({ name, primary }) => ({ name, address: primary.gatewayAddress }));
