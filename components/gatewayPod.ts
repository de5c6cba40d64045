/** The gateway as istiod, its peers' proxies and the guide's firewall rules know it. */
export const GATEWAY = "istio-ingressgateway";
export const gatewayLabels = { app: GATEWAY, istio: "ingressgateway" };

/** The Service's ports: what a firewall between the clusters must let through, all TCP. */
export const gatewayPorts = [
  { name: "status-port", port: 15021 },
  { name: "http2", port: 80 },
  { name: "https", port: 443 },
  { name: "tcp", port: 31400 },
  { name: "tls", port: 15443 },
  { name: "tls-istiod", port: 15012 },
  { name: "tls-webhook", port: 15017 },
].map((port) => ({ ...port, protocol: "TCP", targetPort: port.port }));

/** The gateway's pods, as Istio's `gateway` chart has them; istiod's webhook fills in the rest. */
export function gatewayPod(network: string) {
  return {
    metadata: {
      labels: { ...gatewayLabels, "sidecar.istio.io/inject": "true", "topology.istio.io/network": network },
      annotations: {
        "inject.istio.io/templates": "gateway",
        "prometheus.io/port": "15020",
        "prometheus.io/scrape": "true",
        "prometheus.io/path": "/stats/prometheus",
      },
    },
    spec: {
      serviceAccountName: GATEWAY,
      terminationGracePeriodSeconds: 30,
      // Lets a process that is not root listen on 80 and 443.
      securityContext: { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: gatewayLabels },
        },
      ],
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
          env: [{ name: "ISTIO_META_REQUESTED_NETWORK_VIEW", value: network }],
          // The webhook adds a readiness probe of every 15 s and, other than to sidecars, no startup probe: a gateway that
          // is not ready within its first moment would be left out for as long.
          startupProbe: { httpGet: { path: "/healthz/ready", port: 15021 }, periodSeconds: 1, failureThreshold: 600 },
          ports: [{ containerPort: 15090, protocol: "TCP", name: "http-envoy-prom" }],
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "2000m", memory: "1024Mi" } },
        },
      ],
    },
  };
}
