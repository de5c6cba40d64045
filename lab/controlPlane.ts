// etcd, API server, controllers and scheduler of one cluster, as processes of its one node.

import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { clusterKubeconfig } from "./kubeconfig.ts";
import { certPath, keyPath } from "./pki.ts";
import type { ClusterSpec } from "./spec.ts";
import type { Supervisor } from "./supervisor.ts";
import { kubernetesOf, type Toolchain } from "./toolchain/index.ts";
import { waitFor } from "./wait.ts";

const API_PORT = 6443;
export const apiServerUrl = (cluster: ClusterSpec) => `https://${cluster.nodeIp}:${API_PORT}`;

export async function startControlPlane(cluster: ClusterSpec, tools: Toolchain, supervisor: Supervisor): Promise<void> {
  const { dir } = cluster;
  const kubernetes = kubernetesOf(cluster, tools);
  const cert = (name: string) => certPath(dir, name);
  const key = (name: string) => keyPath(dir, name);
  await Promise.all(
    ["controller-manager", "scheduler", "kube-proxy", "kubelet", "admin"].map((user) =>
      writeFile(join(dir, `${user}.kubeconfig`), clusterKubeconfig(cluster, user), { mode: 0o600 }),
    ),
  );

  // Do not sync to disk: the lab's data need not survive a power failure, and fsync would slow down a small machine.
  supervisor.start("etcd", tools.etcd, [
    `--data-dir=${join(dir, "etcd")}`,
    "--listen-client-urls=http://127.0.0.1:2379",
    "--advertise-client-urls=http://127.0.0.1:2379",
    "--listen-peer-urls=http://127.0.0.1:2380",
    "--unsafe-no-fsync",
    "--log-level=warn",
  ]);
  supervisor.start("kube-apiserver", kubernetes.apiserver, [
    "--etcd-servers=http://127.0.0.1:2379",
    `--secure-port=${API_PORT}`,
    `--advertise-address=${cluster.nodeIp}`,
    `--service-cluster-ip-range=${cluster.serviceRange}`,
    "--allow-privileged=true",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    `--client-ca-file=${cert("ca")}`,
    `--tls-cert-file=${cert("apiserver")}`,
    `--tls-private-key-file=${key("apiserver")}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${cert("service-accounts")}`,
    `--service-account-signing-key-file=${key("service-accounts")}`,
    // Without this, exec, logs and port-forward resolve the node's name.
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-certificate-authority=${cert("ca")}`,
    `--kubelet-client-certificate=${cert("kubelet-client")}`,
    `--kubelet-client-key=${key("kubelet-client")}`,
    // Aggregation layer, needed for metrics-server.
    `--requestheader-client-ca-file=${cert("front-proxy-ca")}`,
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    `--proxy-client-cert-file=${cert("front-proxy")}`,
    `--proxy-client-key-file=${key("front-proxy")}`,
  ]);
  await waitFor(`${cluster.name}: API server ready`, 180_000, () => apiServerReady(cluster));
  supervisor.start("kube-controller-manager", kubernetes.controllerManager, [
    `--kubeconfig=${join(dir, "controller-manager.kubeconfig")}`,
    `--authentication-kubeconfig=${join(dir, "controller-manager.kubeconfig")}`,
    `--authorization-kubeconfig=${join(dir, "controller-manager.kubeconfig")}`,
    `--root-ca-file=${cert("ca")}`,
    `--service-account-private-key-file=${key("service-accounts")}`,
    `--cluster-signing-cert-file=${cert("ca")}`,
    `--cluster-signing-key-file=${key("ca")}`,
    `--client-ca-file=${cert("ca")}`,
    `--cert-dir=${join(dir, "pki", "controller-manager")}`,
    "--use-service-account-credentials=true",
    "--leader-elect=false",
  ]);
  supervisor.start("kube-scheduler", kubernetes.scheduler, [
    `--kubeconfig=${join(dir, "scheduler.kubeconfig")}`,
    `--authentication-kubeconfig=${join(dir, "scheduler.kubeconfig")}`,
    `--authorization-kubeconfig=${join(dir, "scheduler.kubeconfig")}`,
    `--client-ca-file=${cert("ca")}`,
    `--cert-dir=${join(dir, "pki", "scheduler")}`,
    "--leader-elect=false",
  ]);
}

/** Asks /readyz with the administrator's certificate. */
export function apiServerReady(cluster: ClusterSpec): Promise<true | string> {
  const agent = new Agent({
    ca: readFileSync(certPath(cluster.dir, "ca")),
    cert: readFileSync(certPath(cluster.dir, "admin")),
    key: readFileSync(keyPath(cluster.dir, "admin")),
  });
  return new Promise((resolve) => {
    const call = request(`${apiServerUrl(cluster)}/readyz`, { agent, timeout: 2_000 }, (response) => {
      response.resume();
      response.on("end", () => {
        agent.destroy();
        resolve(response.statusCode === 200 ? true : `/readyz answered ${response.statusCode}`);
      });
    });
    call.on("timeout", () => call.destroy(new Error("no answer in 2 s")));
    call.on("error", (error) => {
      agent.destroy();
      resolve(error.message);
    });
    call.end();
  });
}
