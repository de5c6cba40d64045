// Add-ons of the providers' clusters: DNS, metrics and, for NAVER's, a StorageClass and Cilium.
import { KubeConfig, type KubernetesObject, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { images } from "./images.ts";
import type { ClusterSpec, LabSpec } from "./spec.ts";

type Manifest = KubernetesObject & Record<string, unknown>;

export async function applyAddons(
  lab: Pick<LabSpec, "cloudIp">,
  cluster: ClusterSpec,
  kubeconfig: string,
): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = KubernetesObjectApi.makeApiClient(config);
  const manifests = [
    ...coredns(cluster, lab.cloudIp),
    ...metricsServer(),
    ...(cluster.provider.hasStorageClass ? storageClasses() : []),
    ...(cluster.provider.hasCilium ? cilium() : []),
  ];
  await Promise.all(
    manifests.map((manifest) =>
      api.patch(manifest, undefined, undefined, "csp-mesh-lab", true, PatchStrategy.ServerSideApply),
    ),
  );
}

const system = (name: string) => ({ name, namespace: "kube-system" });

function deployment(name: string, labels: Record<string, string>, podSpec: object): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...system(name), labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec },
    },
  };
}

function clusterRole(name: string, rules: object[]): Manifest[] {
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: system(name) },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: `system:${name}` }, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: `system:${name}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: `system:${name}` },
      subjects: [{ kind: "ServiceAccount", ...system(name) }],
    },
  ];
}

function coredns(cluster: ClusterSpec, upstream: string): Manifest[] {
  const labels = { "k8s-app": "kube-dns" };
  return [
    ...clusterRole("coredns", [
      { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
    ]),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: system("coredns"),
      data: {
        Corefile: `.:53 {
  errors
  health
  ready
  kubernetes ${cluster.clusterDomain} in-addr.arpa {
    pods insecure
    fallthrough in-addr.arpa
  }
  forward . ${upstream}
  cache 5
}
`,
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...system("kube-dns"), labels },
      spec: {
        clusterIP: cluster.dnsServiceIp,
        selector: labels,
        ports: [
          { name: "dns", port: 53, protocol: "UDP" },
          { name: "dns-tcp", port: 53, protocol: "TCP" },
        ],
      },
    },
    deployment("coredns", labels, {
      serviceAccountName: "coredns",
      dnsPolicy: "Default",
      priorityClassName: "system-cluster-critical",
      containers: [
        {
          name: "coredns",
          image: images.coredns,
          args: ["-conf", "/etc/coredns/Corefile"],
          resources: { requests: { cpu: "20m", memory: "40Mi" } },
          readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
          volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
        },
      ],
      volumes: [{ name: "config", configMap: { name: "coredns" } }],
    }),
  ];
}

export function metricsServer(): Manifest[] {
  const labels = { "k8s-app": "metrics-server" };
  return [
    ...clusterRole("metrics-server", [
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { apiGroups: [""], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] },
    ]),
    ...[
      ["metrics-server:system:auth-delegator", "ClusterRole", "system:auth-delegator"],
      ["metrics-server-auth-reader", "Role", "extension-apiserver-authentication-reader"],
    ].map(([name, kind, role]) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: `${kind}Binding`,
      metadata: kind === "Role" ? system(name ?? "") : { name: name ?? "" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
      subjects: [{ kind: "ServiceAccount", ...system("metrics-server") }],
    })),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...system("metrics-server"), labels },
      spec: { selector: labels, ports: [{ name: "https", port: 443, targetPort: 10250 }] },
    },
    deployment("metrics-server", labels, {
      serviceAccountName: "metrics-server",
      priorityClassName: "system-cluster-critical",
      containers: [
        {
          name: "metrics-server",
          image: images.metricsServer,
          args: [
            "--cert-dir=/tmp",
            "--secure-port=10250",
            "--kubelet-preferred-address-types=InternalIP",
            "--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
            "--kubelet-request-timeout=5s",
            "--metric-resolution=10s",
          ],
          resources: { requests: { cpu: "20m", memory: "40Mi" } },
          readinessProbe: { httpGet: { path: "/readyz", port: 10250, scheme: "HTTPS" }, periodSeconds: 2 },
          volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        },
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
    }),
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: "v1beta1.metrics.k8s.io" },
      spec: {
        group: "metrics.k8s.io",
        version: "v1beta1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: system("metrics-server"),
      },
    },
  ];
}

/** The StorageClasses in the guide's transcript of an NKS cluster. The lab has no CSI driver for them. */
function storageClasses(): Manifest[] {
  return [
    { name: "nks-block-storage", provisioner: "blk.csi.ncloud.com", isDefault: true },
    { name: "nks-nas-csi", provisioner: "nas.csi.ncloud.com", isDefault: false },
  ].map(({ name, provisioner, isDefault }) => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name,
      annotations: isDefault ? { "storageclass.kubernetes.io/is-default-class": "true" } : {},
    },
    provisioner,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  }));
}

/**
 * A stand-in for NKS's Cilium: its ConfigMap, and a DaemonSet without a datapath that restarts like the real one. As in
 * the guide's transcript of NKS, `enable-l7-proxy` is set, `bpf-lb-sock-hostns-only` and `cni-exclusive` are missing,
 * and the containers have deprecated AppArmor annotations. The other keys come from Cilium's own chart
 * (github.com/cilium/cilium, install/kubernetes/cilium/templates/cilium-configmap.yaml).
 */
function cilium(): Manifest[] {
  const labels = { "k8s-app": "cilium" };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: system("cilium") },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: system("cilium-config"),
      data: {
        "cluster-id": "0",
        "cluster-name": "default",
        "enable-bpf-masquerade": "true",
        "enable-ipv4": "true",
        "enable-ipv6": "false",
        "enable-l7-proxy": "true",
        "identity-allocation-mode": "crd",
        ipam: "cluster-pool",
        "kube-proxy-replacement": "true",
        "routing-mode": "tunnel",
        "tunnel-protocol": "vxlan",
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { ...system("cilium"), labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } },
        template: {
          metadata: {
            labels,
            annotations: { "container.apparmor.security.beta.kubernetes.io/cilium-agent": "unconfined" },
          },
          spec: {
            serviceAccountName: "cilium",
            hostNetwork: true,
            priorityClassName: "system-node-critical",
            terminationGracePeriodSeconds: 1,
            tolerations: [{ operator: "Exists" }],
            containers: [
              {
                name: "cilium-agent",
                image: images.cilium,
                resources: { requests: { cpu: "10m", memory: "10Mi" } },
                volumeMounts: [{ name: "config", mountPath: "/tmp/cilium/config-map", readOnly: true }],
              },
            ],
            volumes: [{ name: "config", configMap: { name: "cilium-config" } }],
          },
        },
      },
    },
  ];
}
