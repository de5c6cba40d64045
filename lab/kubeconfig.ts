// Kubeconfigs: one for each component of a cluster, and the one that the lab's user gets for all of them.
import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import { apiServerUrl } from "./controlPlane.ts";
import { certPath, keyPath } from "./pki.ts";
import type { ClusterSpec } from "./spec.ts";

const base64 = (path: string) => readFileSync(path).toString("base64");

function entries(cluster: ClusterSpec, name: string, user: string) {
  return {
    cluster: {
      name,
      cluster: {
        server: apiServerUrl(cluster),
        "certificate-authority-data": base64(certPath(cluster.dir, "ca")),
        // The way is this machine's memory: an API's definitions take five times longer compressed.
        "disable-compression": true,
      },
    },
    user: {
      name,
      user: {
        "client-certificate-data": base64(certPath(cluster.dir, user)),
        "client-key-data": base64(keyPath(cluster.dir, user)),
      },
    },
    context: { name, context: { cluster: name, user: name } },
  };
}

/** The kubeconfig by which a component, named as its key pair is, reaches its own API server. */
export function clusterKubeconfig(cluster: ClusterSpec, user: string): string {
  const own = entries(cluster, cluster.name, user);
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [own.cluster],
    users: [own.user],
    contexts: [own.context],
    "current-context": cluster.name,
  });
}

/** What a person would have after downloading each provider's kubeconfig: their names, nobody's current context. */
export function userKubeconfig(clusters: readonly ClusterSpec[]): string {
  const all = clusters.map((cluster) => entries(cluster, cluster.kubeconfigName, "admin"));
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: all.map(({ cluster }) => cluster),
    users: all.map(({ user }) => user),
    contexts: all.map(({ context }) => context),
  });
}
