// Three clusters as one mesh, in a program of one's own: npm run build in csp-mesh, npm install here, pulumi up.
import { homedir } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import {
  CrossNetworkLink,
  chartSource,
  clusterProvider,
  defaultGateway,
  IstioPrimaryCluster,
  MeshCA,
  profiles,
} from "csp-mesh";

const version = "1.29.1";
// Or a folder with the charts: pulumi config set charts ./charts
const charts = new pulumi.Config().get("charts") ?? "https://blob.istio.io/istio-release/charts";
const istio = {
  meshId: "mesh1",
  trustDomain: "cluster.local",
  hub: "docker.io/istio",
  tag: version,
  charts: { base: chartSource(charts, "base", version, "."), istiod: chartSource(charts, "istiod", version, ".") },
  // KT gives load balancers no address: a person points this one at the node ports of the gateway's Service.
  externalGateways: [{ network: "kt", cluster: "kt", address: "203.0.113.20" }],
};

const kubeconfig = process.env.KUBECONFIG ?? `${homedir()}/.kube/config`;
const clusters = [
  { name: "ncloud", csp: "ncloud", context: "ncloud", server: "https://203.0.113.1:6443" },
  { name: "nhn", csp: "nhn", context: "nhn", server: "https://203.0.113.2:6443" },
  // The busy one: an istiod with more to itself than the others have, and more time to come up.
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

const members = clusters.map(({ name, csp, context, server, ...cluster }) => {
  const access = { kubeconfig, context };
  const provider = clusterProvider({ cluster: name, ...access });
  const gateway = { ...defaultGateway, annotations: profiles[csp].loadBalancerAnnotations };
  const options = "options" in cluster ? cluster.options : {};
  const primary = new IstioPrimaryCluster(
    name,
    {
      cluster: name,
      access,
      network: name,
      server,
      ca: ca.intermediate(name),
      gateway,
      ...istio,
      ...options,
    },
    { provider },
  );
  return { name, access, provider, primary };
});

for (const target of members) {
  for (const source of members.filter((member) => member !== target)) {
    new CrossNetworkLink(
      `${source.name}-to-${target.name}`,
      { source: source.primary.remoteAccess, namespace: target.primary.namespace, ...target.access },
      { provider: target.provider },
    );
  }
}

export const gateways = members.map(({ name, primary }) => ({ name, address: primary.gatewayAddress }));
