// Kubeconfigs: one for each component of a cluster, and one for the lab's user with all clusters.
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
        // Requests do not leave this machine, so compression only costs time: an API's definitions take five times
        // longer compressed.
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

/** The kubeconfig with which a component reaches its own API server. The component has the name of its key pair. */
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

/**
 * The kubeconfig of a person who has downloaded and merged the providers' kubeconfigs: original names, no current
 * context.
 */
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
