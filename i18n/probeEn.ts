// What the probe finds, in English.

import type { ApiServerFacts, GatewayFacts } from "../mesh/probeFindings.ts";
import type { Unconnected } from "../mesh/unconnected.ts";
import type { ProbeMessages } from "./messages.ts";

type Sides = { readonly cluster: string; readonly peer: string };

const blind = ({ cluster, peer }: Sides) =>
  `istiod of ${cluster} cannot watch ${peer}: its services stay unknown there`;
const cut = ({ cluster, peer }: Sides) => `requests from ${cluster} to ${peer} fail`;

/** The source addresses that must be allowed. */
function seenFrom({ cluster, from, ownField }: Sides & Pick<ApiServerFacts, "from" | "ownField">): string {
  return from.length > 0
    ? `${from.join(", ")} (${cluster})`
    : `the addresses of ${cluster}'s nodes, or of the NAT before them (and tell them in ${ownField}.egressCidrs),`;
}

function letInAtServer(finding: Sides & ApiServerFacts): string {
  const { peer, address, field, list } = finding;
  const where = list === undefined ? "API server access list or security group" : `"${list}"`;
  return `let ${seenFrom(finding)} into ${peer}'s ${where} for ${address}, or set ${field}.apiServer or ${field}.proxyUrl to a way that is open`;
}

const letInAtGateway = (finding: Sides & GatewayFacts) =>
  `let ${seenFrom(finding)} into ${finding.peer}'s security group for ${finding.address}, and into gateway.sourceRanges; see npm run mesh -- firewall`;

const unconnected: Readonly<Record<Unconnected, (address: string, said: string) => string>> = {
  nameUnknown: (address, said) => `the name of ${address} does not resolve there (${said})`,
  refused: (address) => `${address} refuses connections`,
  silent: (address) => `${address} does not answer`,
  unreachable: (address, said) => `${address} cannot be reached (${said})`,
};

export const probeEn: ProbeMessages = {
  refused: "the clusters do not reach each other as the mesh needs it; nothing of it was made in any of them",
  interrupted: (signal) => `ended by ${signal}; what was made in the clusters is removed`,
  findings: {
    clusterNotProbed: ({ cluster, field, said }) => ({
      found: `this machine cannot prepare a probe there: ${said}`,
      means: `nothing was tried from ${cluster} or to it`,
      do: `see that kubeconfig and context of ${field} lead there, and that their account may make namespaces, pods and tokens`,
    }),
    podNotRunning: ({ cluster, image, said }) => ({
      found: `a pod of ${image} does not run: ${said}`,
      means: `sidecars and gateways of that image would not run there either; nothing was tried from ${cluster}`,
      do: "set istio.hub, istio.tag and pullSecrets to an image that its nodes can pull, or make room on them",
    }),
    podNotReached: ({ cluster, peer, said }) => ({
      found: `the probe's pod runs, but no stream gets to it: ${said}`,
      means: `it is not known whether ${cluster} reaches ${peer}`,
      do: `allow the account pods/portforward, and the control plane of ${cluster} TCP 10250 of its nodes`,
    }),
    namespaceLeft: ({ namespace, said }) => ({
      found: `namespace ${namespace} of the probe does not go: ${said}`,
      means: "the cluster cannot finish deletions, and would not finish those of pulumi destroy",
      do: `mend what keeps it, then: kubectl delete namespace ${namespace}`,
    }),
    apiServerAnswers: ({ cluster, peer, server }) => ({
      found: `${server} answers and takes a token`,
      means: `istiod of ${cluster} can watch ${peer}`,
      do: "",
    }),
    apiServerUnconnected: (finding) => ({
      found: unconnected[finding.why](finding.address, finding.said),
      means: blind(finding),
      do: {
        nameUnknown: `set ${finding.field}.apiServer to an address that ${finding.cluster}'s DNS resolves, or have that DNS resolve this one`,
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
          ? `put the proxy's login into ${finding.field}.proxyUrl, encrypted`
          : `have the proxy let ${finding.cluster} through to ${finding.server}, or set ${finding.field}.proxyUrl to another`,
    }),
    apiServerUnknownCa: (finding) => ({
      found: `the certificate at ${finding.server} is of an unknown CA (${finding.said})`,
      means: blind(finding),
      do: `set ${finding.field}.caBundle to the CA of what answers there ("public" where that is a public one), or ${finding.field}.apiServer to ${finding.peer}'s own API server`,
    }),
    apiServerWrongName: (finding) => ({
      found: `the certificate at ${finding.server} is for ${finding.names}, not for ${finding.name}`,
      means: blind(finding),
      do: `set ${finding.field}.apiServer, and ${finding.field}.tlsServerName to a name of that certificate`,
    }),
    apiServerNoTls: (finding) => ({
      found: `TLS with ${finding.server} fails: ${finding.said}`,
      means: blind(finding),
      do: `set ${finding.field}.apiServer to ${finding.peer}'s API server, past whatever answers there instead of it`,
    }),
    apiServerTokenRefused: (finding) => ({
      found: `${finding.server} refuses ${finding.peer}'s token with ${finding.status}: ${finding.said}`,
      means: blind(finding),
      do:
        finding.status === 401
          ? `see that ${finding.field}.apiServer is ${finding.peer}'s API server, not another cluster's, and that nothing before it takes tokens away`
          : `let service accounts of ${finding.peer} read /apis (ClusterRole system:discovery)`,
    }),
    apiServerOddAnswer: (finding) => ({
      found: `${finding.server} answers HTTP ${finding.status}`,
      means: `no API server answers there; ${blind(finding)}`,
      do: `set ${finding.field}.apiServer to ${finding.peer}'s API server`,
    }),
    apiServerNotTried: ({ cluster, peer, field, scheme }) => ({
      found: `not tried: ${field}.proxyUrl is ${scheme}://`,
      means: `it is not known whether ${cluster} reaches ${peer}'s API server; only http:// is probed`,
      do: "see after pulumi up what npm run proof says",
    }),
    gatewayAnswers: ({ cluster, peer, address }) => ({
      found: `gateway ${address} answers`,
      means: `sidecars of ${cluster} reach ${peer}`,
      do: "",
    }),
    gatewayWithoutAddress: ({ cluster, field }) => ({
      found: "Service istio-ingressgateway has no address",
      means: `no other cluster reaches ${cluster}`,
      do: `see its events for why its load balancer is missing, or set ${field}.gateway.externalAddress`,
    }),
    gatewayUnconnected: (finding) => ({
      found: unconnected[finding.why](finding.address, finding.said),
      means:
        finding.severity === "error"
          ? cut(finding)
          : "health checks that come from there fail; the mesh itself does not need that port",
      do:
        finding.why === "nameUnknown"
          ? `have ${finding.cluster}'s DNS resolve that name, or set ${finding.field}.gateway.externalAddress to an IP`
          : letInAtGateway(finding),
    }),
    gatewayCloses: (finding) => ({
      found: `${finding.address} takes connections and ends them`,
      means:
        finding.severity === "error"
          ? `nothing works behind that load balancer; ${cut(finding)}`
          : `no ready pod of the sample is behind ${finding.peer}'s gateway`,
      do:
        finding.severity === "error"
          ? `see in ${finding.peer} whether pods of istio-ingressgateway are ready and the load balancer sees its nodes as healthy`
          : `see whether the sample's pods in ${finding.peer} are ready and have sidecars`,
    }),
    gatewayNotReady: ({ peer, address, status }) => ({
      found: `${address}/healthz/ready answers ${status}`,
      means: `a gateway of ${peer} is not ready`,
      do: `see in ${peer}: kubectl -n istio-system get pods -l istio=ingressgateway`,
    }),
  },
};
