// The probe's findings in English.

import type { ApiServerFacts, GatewayFacts } from "../mesh/probeFindings.ts";
import type { Unconnected } from "../mesh/unconnected.ts";
import type { ProbeMessages } from "./messages.ts";

type Sides = { readonly cluster: string; readonly peer: string };

const blind = ({ cluster, peer }: Sides) =>
  `istiod of ${cluster} cannot watch ${peer}, so it does not know the services there`;
const cut = ({ cluster, peer }: Sides) => `requests from ${cluster} to ${peer} fail`;

/** The source addresses that must be allowed. */
function seenFrom({ cluster, from, ownField }: Sides & Pick<ApiServerFacts, "from" | "ownField">): string {
  return from.length > 0
    ? `${from.join(", ")} (${cluster})`
    : `the addresses of ${cluster}'s nodes, or of their NAT (also set them in ${ownField}.egressCidrs),`;
}

function letInAtServer(finding: Sides & ApiServerFacts): string {
  const { peer, address, field, list } = finding;
  const where = list === undefined ? "API server access list or security group" : `"${list}"`;
  return `allow ${seenFrom(finding)} in ${peer}'s ${where} for ${address}, or set ${field}.apiServer or ${field}.proxyUrl to a reachable address`;
}

const letInAtGateway = (finding: Sides & GatewayFacts) =>
  `allow ${seenFrom(finding)} in ${finding.peer}'s security group for ${finding.address}, and in gateway.sourceRanges; see npm run mesh -- firewall`;

const unconnected: Readonly<Record<Unconnected, (address: string, said: string) => string>> = {
  nameUnknown: (address, said) => `the name of ${address} does not resolve in that cluster (${said})`,
  refused: (address) => `${address} refuses connections`,
  silent: (address) => `${address} does not answer`,
  unreachable: (address, said) => `${address} cannot be reached (${said})`,
};

export const probeEn: ProbeMessages = {
  refused: "the clusters do not reach each other as the mesh requires; no part of the mesh was created",
  interrupted: (signal) => `interrupted by ${signal}; the probe's objects were removed from the clusters`,
  findings: {
    clusterNotProbed: ({ cluster, field, said }) => ({
      found: `this machine cannot prepare a probe in the cluster: ${said}`,
      means: `connections from and to ${cluster} were not tested`,
      do: `check that kubeconfig and context of ${field} are those of the cluster, and that their account may create namespaces, pods and tokens`,
    }),
    podNotRunning: ({ cluster, image, said }) => ({
      found: `a pod with image ${image} does not start: ${said}`,
      means: `sidecars and gateways with that image would not start either; connections from ${cluster} were not tested`,
      do: "set istio.hub, istio.tag and pullSecrets to an image that its nodes can pull, or free CPU and memory on them",
    }),
    podNotReached: ({ cluster, peer, said }) => ({
      found: `the probe's pod runs, but port-forward to it fails: ${said}`,
      means: `it is unknown whether ${cluster} reaches ${peer}`,
      do: `allow the account pods/portforward, and allow the control plane of ${cluster} to reach its nodes on TCP 10250`,
    }),
    namespaceLeft: ({ namespace, said }) => ({
      found: `namespace ${namespace} of the probe is not deleted: ${said}`,
      means: "the cluster cannot finish deletions, and would not finish those of pulumi destroy",
      do: `correct the cause, then: kubectl delete namespace ${namespace}`,
    }),
    apiServerAnswers: ({ cluster, peer, server }) => ({
      found: `${server} answers and accepts a token`,
      means: `istiod of ${cluster} can watch ${peer}`,
      do: "",
    }),
    apiServerUnconnected: (finding) => ({
      found: unconnected[finding.why](finding.address, finding.said),
      means: blind(finding),
      do: {
        nameUnknown: `set ${finding.field}.apiServer to an address that ${finding.cluster}'s DNS resolves, or make that DNS resolve this one`,
        refused: `set ${finding.field}.apiServer to the address and port at which ${finding.peer}'s API server listens for ${finding.cluster}`,
        silent: letInAtServer(finding),
        unreachable: letInAtServer(finding),
      }[finding.why],
    }),
    apiServerProxyRefuses: (finding) => ({
      found: `proxy ${finding.address} answers ${finding.status} when asked for ${finding.server}`,
      means: blind(finding),
      do:
        finding.status === 407
          ? `add the proxy's user and password to ${finding.field}.proxyUrl, encrypted`
          : `allow ${finding.cluster} to reach ${finding.server} in the proxy, or set ${finding.field}.proxyUrl to another proxy`,
    }),
    apiServerUnknownCa: (finding) => ({
      found: `the certificate at ${finding.server} was issued by an unknown CA (${finding.said})`,
      means: blind(finding),
      do: `set ${finding.field}.caBundle to the CA of that server ("public" for a public CA), or ${finding.field}.apiServer to ${finding.peer}'s own API server`,
    }),
    apiServerWrongName: (finding) => ({
      found: `the certificate at ${finding.server} is for ${finding.names}, not for ${finding.name}`,
      means: blind(finding),
      do: `set ${finding.field}.apiServer, and ${finding.field}.tlsServerName to a name of that certificate`,
    }),
    apiServerNoTls: (finding) => ({
      found: `TLS with ${finding.server} fails: ${finding.said}`,
      means: blind(finding),
      do: `set ${finding.field}.apiServer to the address of ${finding.peer}'s API server itself`,
    }),
    apiServerTokenRefused: (finding) => ({
      found: `${finding.server} refuses ${finding.peer}'s token with ${finding.status}: ${finding.said}`,
      means: blind(finding),
      do:
        finding.status === 401
          ? `check that ${finding.field}.apiServer is ${finding.peer}'s API server, not another cluster's, and that no proxy in front of it removes tokens`
          : `allow service accounts of ${finding.peer} to read /apis (ClusterRole system:discovery)`,
    }),
    apiServerOddAnswer: (finding) => ({
      found: `${finding.server} answers HTTP ${finding.status}`,
      means: `the server there is no API server; ${blind(finding)}`,
      do: `set ${finding.field}.apiServer to ${finding.peer}'s API server`,
    }),
    apiServerNotTried: ({ cluster, peer, field, scheme }) => ({
      found: `not tested: ${field}.proxyUrl is ${scheme}://`,
      means: `it is unknown whether ${cluster} reaches ${peer}'s API server; the probe supports only http:// proxies`,
      do: "run npm run proof after pulumi up",
    }),
    gatewayAnswers: ({ cluster, peer, address }) => ({
      found: `gateway ${address} answers`,
      means: `sidecars of ${cluster} reach ${peer}`,
      do: "",
    }),
    gatewayWithoutAddress: ({ cluster, field }) => ({
      found: "Service istio-ingressgateway has no address",
      means: `no other cluster reaches ${cluster}`,
      do: `check its events for why the load balancer is missing, or set ${field}.gateway.externalAddress`,
    }),
    gatewayUnconnected: (finding) => ({
      found: unconnected[finding.why](finding.address, finding.said),
      means:
        finding.severity === "error"
          ? cut(finding)
          : "health checks from that cluster fail; the mesh itself does not need this port",
      do:
        finding.why === "nameUnknown"
          ? `make ${finding.cluster}'s DNS resolve that name, or set ${finding.field}.gateway.externalAddress to an IP`
          : letInAtGateway(finding),
    }),
    gatewayCloses: (finding) => ({
      found: `${finding.address} accepts connections and closes them`,
      means:
        finding.severity === "error"
          ? `the load balancer has no working backend; ${cut(finding)}`
          : `${finding.peer}'s gateway has no ready pod of the sample behind it`,
      do:
        finding.severity === "error"
          ? `check in ${finding.peer} whether pods of istio-ingressgateway are ready and the load balancer's health checks of the nodes pass`
          : `check whether the sample's pods in ${finding.peer} are ready and have sidecars`,
    }),
    gatewayNotReady: ({ peer, address, status }) => ({
      found: `${address}/healthz/ready answers ${status}`,
      means: `a gateway of ${peer} is not ready`,
      do: `check in ${peer}: kubectl -n istio-system get pods -l istio=ingressgateway`,
    }),
  },
};
