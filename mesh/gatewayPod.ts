import type { GatewayOptions } from "./gatewayOptions.ts";
import { chosenPorts, type GatewayPort } from "./gatewayPorts.ts";
import { GATEWAY, INGRESS, INGRESS_SELECTOR } from "./ownership.ts";
import { withPlacement, withPullSecrets } from "./podParts.ts";

/** Name and labels of a gateway; its Service and its pods share them. */
export interface GatewayIdentity {
  readonly name: string;
  readonly labels: { readonly app: string; readonly istio: string };
  /**
   * The network to which its pods belong and to whose endpoints they are limited. Without one, they see all endpoints
   * of the mesh.
   */
  readonly network?: string;
}

/** The east-west gateway. */
export const eastWestIdentity = (network: string): GatewayIdentity => ({
  name: GATEWAY,
  labels: { app: GATEWAY, istio: "ingressgateway" },
  network,
});

/** Name and labels differ from the east-west gateway's, so that a `Gateway` can only select one of them. */
export const ingressIdentity: GatewayIdentity = { name: INGRESS, labels: { app: INGRESS, istio: INGRESS_SELECTOR } };

/** Spec of a gateway's Service. The caller adds annotations and the network label. */
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

/** The gateway's pod template, as in Istio's `gateway` chart. istiod's webhook adds the rest. */
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
      // With Istio's default of 5 s, this gives Kubernetes' default of 30 s.
      terminationGracePeriodSeconds: drainSeconds + 25,
      // Allows a non-root process to listen on 80 and 443.
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
          // Without this, the API server treats the image "auto" as tag "latest" and sets the policy Always.
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
          // Requests that arrive here are only routed to pods of this network, never to another gateway.
          ...(network === undefined ? {} : { env: [{ name: "ISTIO_META_REQUESTED_NETWORK_VIEW", value: network }] }),
          // The webhook adds a readiness probe with a period of 15 s, and no startup probe as for sidecars. Without
          // this one, a gateway that fails its first readiness probe would be unavailable for 15 s.
          startupProbe: { httpGet: { path: "/healthz/ready", port: 15021 }, periodSeconds: 1, failureThreshold: 600 },
          ports: [{ containerPort: 15090, protocol: "TCP", name: "http-envoy-prom" }],
          resources,
        },
      ],
    },
  };
}
