// Texts of `npm run mesh -- status` in English.
import { countsEn } from "./counts.ts";
import type { StatusMessages } from "./messages.ts";

const ROLES = {
  leaf: "the certificates of gateways expire",
  intermediate: "the intermediate CA expires",
  root: "the root CA expires",
};

const days = (value: number) =>
  value < 0 ? "expired" : value < 2 ? `${Math.round(value * 24)} h left` : `${Math.floor(value)} days left`;

export const statusEn: StatusMessages = {
  clusters: ["CLUSTER", "KUBERNETES", "ISTIOD", "GATEWAYS", "PROXIES", "LEAF", "INTERMEDIATE", "ROOT", "TOKENS"],
  directions: ["FROM", "TO", "API SERVER", "SYNCED", "GATEWAY", "ENDPOINTS", "ANSWERS", "LAST"],
  answers: { yes: "answers", no: "silent" },
  days: (count) => `${count} d`,
  seconds: (count) => `${count} s ago`,
  now: "now",
  whole: "the mesh is healthy",
  wholeBut: (warnings) => `the mesh works; ${countsEn(0, warnings)}`,
  broken: (errors, warnings) => `the mesh is not healthy; ${countsEn(errors, warnings)}`,
  nobody: "no cluster answers",
  underWay: (command, reached, states) =>
    `an operation is under way: ${reached} of ${states} states reached; to continue: ${command}`,
  waited: (seconds) => `not healthy after ${seconds} s`,
  badSeconds: (option, value) => `${option}: "${value}" is not a number of seconds; give a number above 0, such as 30`,
  findings: {
    clusterSilent: ({ said }) => ({
      found: `its API server does not answer: ${said}`,
      means: "its state is unknown; the other clusters keep its last known endpoints",
      do: "check that it runs and that this machine reaches it (--timeout SECONDS to wait longer); if it is gone for good: npm run mesh -- forget NAME",
    }),
    noIstiod: ({ pods }) => ({
      found: `no istiod is ready${pods.length === 0 ? "" : `: ${pods.join(", ")}`}`,
      means: "its proxies keep their last configuration, and new pods with a sidecar do not start",
      do: "kubectl -n istio-system describe pods -l app=istiod; if there are none: pulumi up --refresh",
    }),
    istiodNotReady: ({ pods }) => ({
      found: `istiod is not ready in ${pods.join(", ")}`,
      means: "the other replicas serve its proxies",
      do: "kubectl -n istio-system describe pods -l app=istiod",
    }),
    notAsked: ({ said }) => ({
      found: `a request failed: ${said}`,
      means: "checks that depend on it are incomplete",
      do: "check that the account may list pods and namespaces, read Secrets' metadata and exec in istio-system (npm run mesh -- rights), and that kubelets answer on 10250",
    }),
    noGatewayPod: ({ pods }) => ({
      found: `no pod of the east-west gateway is ready${pods.length === 0 ? "" : `: ${pods.join(", ")}`}`,
      means: "no other cluster reaches its services",
      do: "kubectl -n istio-system describe pods -l istio=ingressgateway; if there are none: pulumi up --refresh",
    }),
    oneGatewayPod: () => ({
      found: "the east-west gateway has one pod",
      means: "requests from other clusters fail while its node is drained or upgraded",
      do: "set gateway.autoscaling.min to 2 before you replace nodes",
    }),
    peerUnknown: ({ cluster, peer, pods }) => ({
      found: `${pods.join(", ")} in ${cluster} does not watch ${peer}`,
      means: `services of ${peer} are unknown in ${cluster}`,
      do: `pulumi up --refresh creates the remote secret of ${peer} in ${cluster} again`,
    }),
    peerNotSynced: ({ cluster, peer, pods, status }) => ({
      found: `${pods.join(", ")} in ${cluster} watches ${peer} with status ${status}`,
      means: `${cluster} does not see changes in ${peer}`,
      do: `npm run mesh -- preflight --probe shows whether ${cluster} reaches the API server of ${peer}; if the token is refused: npm run mesh -- rotate-tokens ${peer}`,
    }),
    gatewayUnregistered: ({ cluster, peer, pods, network }) => ({
      found: `${pods.join(", ")} in ${cluster} knows no gateway of network ${network}`,
      means: `${cluster} cannot send requests to ${peer}`,
      do: `check that Service istio-ingressgateway of ${peer} has an address; if it does: kubectl -n istio-system rollout restart deployment istiod, in ${cluster} (istio#60920)`,
    }),
    endpointsMissing: ({ cluster, peer, pod, seen, expected }) => ({
      found: `${pod} in ${cluster} knows ${seen} endpoints of ${peer}; ${peer}'s own istiod knows ${expected}`,
      means: `requests from ${cluster} do not reach some services of ${peer}`,
      do: "check again in a minute; if this persists: kubectl -n istio-system rollout restart deployment istiod, in that cluster",
    }),
    noAnswer: ({ cluster, peer, requests, said }) => ({
      found: `${peer} answered none of ${requests} requests to the sample${said === "" ? "" : ` (${said})`}`,
      means: `requests from ${cluster} do not reach ${peer}, although istiod knows its endpoints and gateway`,
      do: "npm run mesh -- preflight --probe tests the gateway's port 15443 from that cluster; npm run mesh -- firewall shows the firewall rules",
    }),
    sampleNotReady: () => ({
      found: "the sample cannot send requests: its pod sleep is not ready",
      means: "it is unknown whether requests from this cluster are answered",
      do: "kubectl describe pods -l app=sleep, in the sample's namespace; if it does not exist: pulumi up --refresh",
    }),
    rootUntrusted: ({ cluster, peer, root }) => ({
      found: `gateways of ${cluster} do not trust the root of ${peer}, ${root.slice(0, 23)}…`,
      means: "TLS between the two clusters fails at the next certificate renewal, or fails already",
      do: "check that both have the CA of this stack (Secret cacerts), then restart istiod and the gateways of the cluster whose CA is older",
    }),
    chainBroken: ({ pod, said }) => ({
      found: `certificate of ${pod}: ${said}`,
      means: "TLS with the gateway fails",
      do: "check that istiod signs with Secret cacerts; if that was changed, restart istiod, then the gateway",
    }),
    intermediateNotLoaded: ({ pods }) => ({
      found: `${pods.join(", ")} does not sign with the intermediate of Secret cacerts`,
      means: "certificates are still issued by the former intermediate, or not at all",
      do: "check again in two minutes, because kubelets update mounted Secrets late; if this persists, search istiod's log for cacerts",
    }),
    certificateEnds: ({ role, days: left }) => ({
      found: `${ROLES[role]}: ${days(left)}`,
      means: "after that all requests in the mesh fail",
      do:
        role === "leaf"
          ? "check istiod's log: certificates should be renewed after half of their lifetime"
          : role === "root"
            ? "npm run mesh -- rotate-root (guide, section 6.4)"
            : "npm run mesh -- renew-intermediates; if ca.source is intermediates, put new ones into csp-mesh:ca.intermediates and run pulumi up (guide, section 6.4)",
    }),
    proxiesBehind: ({ istiod, version, count }) => ({
      found: `${count} proxies have version ${version}, and istiod has ${istiod}`,
      means: "they lack the newer version's fixes; Istio supports proxies that are one minor release older",
      do: "restart their workloads, each at a time that suits it",
    }),
    proxiesUnserved: ({ pods }) => ({
      found: `no istiod serves the proxies of ${pods.join(", ")}`,
      means: "they keep their last configuration, and their certificates are not renewed",
      do: "check the log of their container istio-proxy; pods that have just started connect within seconds",
    }),
    withoutSidecar: ({ pods }) => ({
      found: `pods without a sidecar: ${pods.join(", ")}`,
      means: "they are not in the mesh, and strict mutual TLS refuses them",
      do: "restart their workloads: pods get a sidecar when they are created",
    }),
    webhookMissing: () => ({
      found: "MutatingWebhookConfiguration istio-sidecar-injector does not exist",
      means: "new pods get no sidecar",
      do: "pulumi up --refresh",
    }),
  },
};
