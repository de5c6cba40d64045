// Texts of `npm run mesh -- status` in English.
import { countsEn } from "./counts.ts";
import type { StatusMessages } from "./messages.ts";

const ROLES = {
  leaf: "the certificates of gateways end",
  intermediate: "the intermediate CA ends",
  root: "the root CA ends",
};

const days = (value: number) =>
  value < 0 ? "has ended" : value < 2 ? `${Math.round(value * 24)} h left` : `${Math.floor(value)} days left`;

export const statusEn: StatusMessages = {
  clusters: ["CLUSTER", "KUBERNETES", "ISTIOD", "GATEWAYS", "PROXIES", "LEAF", "INTERMEDIATE", "ROOT", "TOKENS"],
  directions: ["FROM", "TO", "API SERVER", "SYNCED", "GATEWAY", "ENDPOINTS", "ANSWERS", "LAST"],
  answers: { yes: "answers", no: "silent" },
  days: (count) => `${count} d`,
  seconds: (count) => `${count} s ago`,
  now: "now",
  whole: "the mesh is whole",
  wholeBut: (warnings) => `the mesh works; ${countsEn(0, warnings)}`,
  broken: (errors, warnings) => `the mesh is not whole; ${countsEn(errors, warnings)}`,
  nobody: "no cluster answers",
  underWay: (command, reached, states) => `under way: ${reached} of ${states} states reached; to go on: ${command}`,
  waited: (seconds) => `not whole after ${seconds} s`,
  badSeconds: (option, value) => `${option}: "${value}" is not a number of seconds`,
  findings: {
    clusterSilent: ({ said }) => ({
      found: `its API server does not answer: ${said}`,
      means: "nothing is known of it; its peers keep what they know of its endpoints",
      do: "see that it runs and that this machine reaches it (--timeout SECONDS to wait longer); if it is gone for good: npm run mesh -- forget NAME",
    }),
    noIstiod: ({ pods }) => ({
      found: `no istiod is ready${pods.length === 0 ? "" : `: ${pods.join(", ")}`}`,
      means: "its proxies keep their former configuration, and no pod with a sidecar starts",
      do: "kubectl -n istio-system describe pods -l app=istiod; if there are none: pulumi up --refresh",
    }),
    istiodNotReady: ({ pods }) => ({
      found: `istiod is not ready in ${pods.join(", ")}`,
      means: "the other replicas serve its proxies",
      do: "kubectl -n istio-system describe pods -l app=istiod",
    }),
    notAsked: ({ said }) => ({
      found: `a question was not answered: ${said}`,
      means: "what depends on it is not known",
      do: "see that the account may list pods and namespaces, read Secrets' metadata and exec in istio-system (npm run mesh -- rights), and that kubelets answer on 10250",
    }),
    noGatewayPod: ({ pods }) => ({
      found: `no pod of the east-west gateway is ready${pods.length === 0 ? "" : `: ${pods.join(", ")}`}`,
      means: "no other cluster reaches its services",
      do: "kubectl -n istio-system describe pods -l istio=ingressgateway; if there are none: pulumi up --refresh",
    }),
    oneGatewayPod: () => ({
      found: "the east-west gateway has one pod",
      means: "requests from other clusters fail while its node is drained or upgraded",
      do: "set gateway.autoscaling.min to 2 before nodes are exchanged",
    }),
    peerUnknown: ({ cluster, peer, pods }) => ({
      found: `${pods.join(", ")} in ${cluster} does not watch ${peer}`,
      means: `services of ${peer} are unknown in ${cluster}`,
      do: `pulumi up --refresh makes the remote secret of ${peer} in ${cluster} again`,
    }),
    peerNotSynced: ({ cluster, peer, pods, status }) => ({
      found: `${pods.join(", ")} in ${cluster} watches ${peer}, which is ${status}`,
      means: `${cluster} does not learn of changes in ${peer}`,
      do: `npm run mesh -- preflight --probe shows whether ${cluster} reaches the API server of ${peer}; is the token refused: npm run mesh -- rotate-tokens ${peer}`,
    }),
    gatewayUnregistered: ({ cluster, peer, pods, network }) => ({
      found: `${pods.join(", ")} in ${cluster} knows no gateway of network ${network}`,
      means: `${cluster} cannot send requests to ${peer}`,
      do: `see that Service istio-ingressgateway of ${peer} has an address; if it has: kubectl -n istio-system rollout restart deployment istiod, in ${cluster} (istio#60920)`,
    }),
    endpointsMissing: ({ cluster, peer, pod, seen, expected }) => ({
      found: `${pod} in ${cluster} knows ${seen} endpoints of ${peer}, whose own istiod knows ${expected}`,
      means: `requests from ${cluster} miss a part of the services of ${peer}`,
      do: "look again in a minute; if it stays: kubectl -n istio-system rollout restart deployment istiod, in that cluster",
    }),
    noAnswer: ({ cluster, peer, requests, said }) => ({
      found: `of ${requests} requests to the sample ${peer} answered none${said === "" ? "" : ` (${said})`}`,
      means: `requests from ${cluster} do not reach ${peer}, although its istiod knows the way`,
      do: "npm run mesh -- preflight --probe tries the gateway's port 15443 from there; see the firewall: npm run mesh -- firewall",
    }),
    sampleNotReady: () => ({
      found: "the sample cannot ask: its pod sleep is not ready",
      means: "it is not known whether requests from here are answered",
      do: "kubectl describe pods -l app=sleep, in the sample's namespace; if there is none: pulumi up --refresh",
    }),
    rootUntrusted: ({ cluster, peer, root }) => ({
      found: `gateways of ${cluster} do not trust the root of ${peer}, ${root.slice(0, 23)}…`,
      means: "TLS between the two fails with the next certificate, or fails already",
      do: "see that both have the CA of this stack (Secret cacerts), then restart istiod and the gateways of the cluster whose CA is older",
    }),
    chainBroken: ({ pod, said }) => ({
      found: `certificate of ${pod}: ${said}`,
      means: "TLS with the gateway fails",
      do: "see that istiod signs by Secret cacerts; after a change of it restart istiod, then the gateway",
    }),
    intermediateNotLoaded: ({ pods }) => ({
      found: `${pods.join(", ")} does not sign with the intermediate of Secret cacerts`,
      means: "certificates still come from the former intermediate, or from none",
      do: "look again in two minutes, which a kubelet may take; if it stays, see istiod's log for cacerts",
    }),
    certificateEnds: ({ role, days: left }) => ({
      found: `${ROLES[role]}: ${days(left)}`,
      means: "after its end nothing in the mesh reaches anything",
      do:
        role === "leaf"
          ? "see istiod's log: certificates are renewed at half their life"
          : "renew it: guide, section 6.4",
    }),
    proxiesBehind: ({ istiod, version, count }) => ({
      found: `${count} proxies have version ${version}, and istiod has ${istiod}`,
      means: "they miss the mends of the newer version; Istio supports a proxy one minor release behind",
      do: "restart their workloads, each at a time that suits it",
    }),
    proxiesUnserved: ({ pods }) => ({
      found: `no istiod serves the proxies of ${pods.join(", ")}`,
      means: "they keep a former configuration, and their certificates are not renewed",
      do: "see the log of their container istio-proxy; what has just started is served in a moment",
    }),
    withoutSidecar: ({ pods }) => ({
      found: `pods without a sidecar: ${pods.join(", ")}`,
      means: "they are not in the mesh, and strict mutual TLS refuses them",
      do: "restart their workloads: pods get a sidecar when they are made",
    }),
    webhookMissing: () => ({
      found: "MutatingWebhookConfiguration istio-sidecar-injector is not there",
      means: "new pods get no sidecar",
      do: "pulumi up --refresh",
    }),
  },
};
