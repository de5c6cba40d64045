import type { GatewayOptions } from "./gatewayOptions.ts";
import { chosenPorts, type GatewayPort } from "./gatewayPorts.ts";
import { GATEWAY, INGRESS, INGRESS_SELECTOR } from "./ownership.ts";
import { withPlacement, withPullSecrets } from "./podParts.ts";

/** A gateway's name and labels, the same on its Service and its pods. */
export interface GatewayIdentity {
  readonly name: string;
  readonly labels: { readonly app: string; readonly istio: string };
  /** The network that its pods say they belong to and serve alone. Without one they see all of the mesh. */
  readonly network?: string;
}

/** The gateway between networks. */
export const eastWestIdentity = (network: string): GatewayIdentity => ({
  name: GATEWAY,
  labels: { app: GATEWAY, istio: "ingressgateway" },
  network,
});

/** Apart from the east-west gateway in name and labels: no `Gateway` that selects one of them selects the other. */
export const ingressIdentity: GatewayIdentity = { name: INGRESS, labels: { app: INGRESS, istio: INGRESS_SELECTOR } };

/** A gateway's Service without its annotations and its labels of the network. */
export function gatewayServiceSpec(
  { labels }: GatewayIdentity,
  ports: readonly GatewayPort[],
  options: ServiceOptions,
) {
  const { sourceRanges, externalTrafficPolicy, loadBalancerClass, ipFamilyPolicy } = options;
  return {
    type: "LoadBalancer",
    selector: labels,
    ports: chosenPorts(ports, options).map(({ port, ...rest }) => ({
      ...rest,
      port,
      protocol: "TCP",
      targetPort: port,
    })),
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    ...(ipFamilyPolicy === undefined ? {} : { ipFamilyPolicy }),
    ...(sourceRanges.length === 0 ? {} : { loadBalancerSourceRanges: [...sourceRanges] }),
    ...(externalTrafficPolicy === "Cluster" ? {} : { externalTrafficPolicy: "Local" as const }),
  };
}

type ServiceOptions = Pick<
  GatewayOptions,
  "sourceRanges" | "externalTrafficPolicy" | "loadBalancerClass" | "ipFamilyPolicy" | "ports" | "nodePorts"
>;

/** The gateway's pods, as Istio's `gateway` chart has them; istiod's webhook fills in the rest. */
export function gatewayPod(
  { name, labels, network }: GatewayIdentity,
  {
    resources,
    drainSeconds,
    ...placement
  }: Pick<GatewayOptions, "resources" | "drainSeconds" | "nodeSelector" | "tolerations">,
  pullSecrets: readonly { readonly name: string }[],
) {
  return {
    metadata: {
      labels: {
        ...labels,
        "sidecar.istio.io/inject": "true",
        ...(network === undefined ? {} : { "topology.istio.io/network": network }),
      },
      annotations: {
        "inject.istio.io/templates": "gateway",
        "proxy.istio.io/config": JSON.stringify({ terminationDrainDuration: `${drainSeconds}s` }),
        "prometheus.io/port": "15020",
        "prometheus.io/scrape": "true",
        "prometheus.io/path": "/stats/prometheus",
      },
    },
    spec: {
      serviceAccountName: name,
      // With Istio's 5 s that is Kubernetes' own default.
      terminationGracePeriodSeconds: drainSeconds + 25,
      // Lets a process that is not root listen on 80 and 443.
      securityContext: {
        seccompProfile: { type: "RuntimeDefault" },
        sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
      },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: labels },
        },
      ],
      ...withPlacement(placement),
      ...withPullSecrets(pullSecrets),
      containers: [
        {
          name: "istio-proxy",
          image: "auto",
          // The API server takes "auto" for a tag "latest", whose default is to ask the registry at every start.
          imagePullPolicy: "IfNotPresent",
          securityContext: {
            capabilities: { drop: ["ALL"] },
            allowPrivilegeEscalation: false,
            privileged: false,
            readOnlyRootFilesystem: true,
            runAsUser: 1337,
            runAsGroup: 1337,
            runAsNonRoot: true,
          },
          // What comes in here goes to pods of this network, never out through another gateway.
          ...(network === undefined ? {} : { env: [{ name: "ISTIO_META_REQUESTED_NETWORK_VIEW", value: network }] }),
          // The webhook adds a readiness probe of every 15 s and, other than to sidecars, no startup probe: a gateway that
          // is not ready within its first moment would be left out for as long.
          startupProbe: { httpGet: { path: "/healthz/ready", port: 15021 }, periodSeconds: 1, failureThreshold: 600 },
          ports: [{ containerPort: 15090, protocol: "TCP", name: "http-envoy-prom" }],
          resources,
        },
      ],
    },
  };
}
