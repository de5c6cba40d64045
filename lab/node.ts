// The one node of a cluster: containerd, kubelet, kube-proxy.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { createCgroup } from "./cgroup.ts";
import { copyImageStore } from "./imageStore.ts";
import { certPath, keyPath } from "./pki.ts";
import type { ClusterSpec } from "./spec.ts";
import type { Supervisor } from "./supervisor.ts";
import { kubernetesOf, type Toolchain } from "./toolchain/index.ts";
import { waitFor } from "./wait.ts";

/** Path in the node's own mount namespace. */
export const CONTAINERD_SOCKET = "/run/containerd.sock";

/** Folder with CAs of registries. The node's containerd reads it on each pull. */
export const registryTrust = (cluster: ClusterSpec) => join(cluster.dir, "certs.d");

/** @param images folder of `ensureImageStore` */
export async function startContainerd(
  cluster: ClusterSpec,
  tools: Toolchain,
  supervisor: Supervisor,
  images: string,
): Promise<void> {
  const { dir } = cluster;
  const root = join(dir, "containerd");
  await copyImageStore(images, root);
  const cni = join(dir, "cni");
  await mkdir(join(cni, "net.d"), { recursive: true });
  await writeFile(
    join(cni, "net.d", "10-lab.conflist"),
    JSON.stringify({
      cniVersion: "0.4.0",
      name: `${cluster.netns}-pods`,
      plugins: [
        {
          type: "ptp",
          ipMasq: true,
          ipam: {
            type: "host-local",
            dataDir: join(cni, "addresses"),
            ranges: [[{ subnet: cluster.podRange }]],
            routes: [{ dst: "0.0.0.0/0" }],
          },
        },
        { type: "portmap", capabilities: { portMappings: true } },
      ],
    }),
  );
  const config = join(dir, "containerd.toml");
  await writeFile(
    config,
    `version = 2
root = "${root}"
state = "/run/containerd"
[grpc]
  address = "${CONTAINERD_SOCKET}"
[ttrpc]
  address = "${CONTAINERD_SOCKET}.ttrpc"
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(dir, "opt")}"
[plugins."io.containerd.grpc.v1.cri"]
  # Without CAP_SYS_RESOURCE every sandbox dies otherwise ("can't get final child's PID from pipe: EOF").
  restrict_oom_score_adj = true
  sandbox_image = "registry.k8s.io/pause:3.10"
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${registryTrust(cluster)}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${tools.cniBin}"
    conf_dir = "${join(cni, "net.d")}"
`,
  );
  supervisor.start("containerd", tools.containerd, ["--config", config]);
  await waitFor(`${cluster.name}: containerd ready`, 30_000, async () => {
    await execa(tools.ctr, ["--address", CONTAINERD_SOCKET, "version"]);
    return true;
  });
}

export async function startKubelet(cluster: ClusterSpec, tools: Toolchain, supervisor: Supervisor): Promise<void> {
  const { dir } = cluster;
  await createCgroup(cluster.cgroup);
  const resolvConf = join(dir, "resolv.conf");
  await writeFile(resolvConf, `nameserver ${cluster.dnsServiceIp}\n`);
  const config = join(dir, "kubelet.yaml");
  await writeFile(
    config,
    stringify({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
      cgroupDriver: "cgroupfs",
      cgroupRoot: cluster.cgroup,
      failCgroupV1: false,
      failSwapOn: false,
      enforceNodeAllocatable: [],
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: true },
        x509: { clientCAFile: certPath(dir, "ca") },
      },
      authorization: { mode: "Webhook" },
      tlsCertFile: certPath(dir, "kubelet"),
      tlsPrivateKeyFile: keyPath(dir, "kubelet"),
      clusterDNS: [cluster.dnsServiceIp],
      clusterDomain: cluster.clusterDomain,
      resolvConf,
      volumePluginDir: join(dir, "volume-plugins"),
      // Disable image garbage collection: a deleted image could not be pulled again.
      imageGCHighThresholdPercent: 100,
      evictionHard: { "nodefs.available": "0%", "memory.available": "0%", "imagefs.available": "0%" },
    }),
  );
  supervisor.start("kubelet", kubernetesOf(cluster, tools).kubelet, [
    `--config=${config}`,
    `--kubeconfig=${join(dir, "kubelet.kubeconfig")}`,
    `--hostname-override=${cluster.nodeName}`,
    `--node-ip=${cluster.nodeIp}`,
    `--node-labels=topology.kubernetes.io/region=${cluster.provider.region},topology.kubernetes.io/zone=${cluster.provider.region}-1`,
  ]);
}

export async function startKubeProxy(cluster: ClusterSpec, tools: Toolchain, supervisor: Supervisor): Promise<void> {
  const config = join(cluster.dir, "kube-proxy.yaml");
  await writeFile(
    config,
    stringify({
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      clientConnection: { kubeconfig: join(cluster.dir, "kube-proxy.kubeconfig") },
      mode: "iptables",
      clusterCIDR: cluster.podRange,
      hostnameOverride: cluster.nodeName,
      // Update rules at once after endpoints change, because the tests wait for this.
      iptables: { minSyncPeriod: "0s", syncPeriod: "30s" },
      // Do not change the machine's own limits.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    }),
  );
  supervisor.start("kube-proxy", kubernetesOf(cluster, tools).proxy, [`--config=${config}`]);
}
