import { kubeconfigText } from "../kube/parsedKubeconfig.ts";
import { MULTI_CLUSTER } from "../mesh/ownership.ts";

/** Address and credentials for a peer's istiod to watch a cluster. */
export interface RemoteCluster {
  /** The cluster's name in the mesh. */
  readonly clusterName: string;
  /** URL of its API server, as the peer reaches it. */
  readonly server: string;
  /** Server name in its certificate. @default the URL's host */
  readonly tlsServerName?: string | undefined;
  /** Proxy that the peer uses to reach it: `http://`, `https://` or `socks5://`. @default none */
  readonly proxyUrl?: string | undefined;
  /** PEM of the API server's CA in base64. @default the CAs in istiod's image */
  readonly caData?: string | undefined;
  readonly token: string;
}

/** Label by which istiod finds remote secrets, and annotation that contains the cluster's name. */
export const MULTI_CLUSTER_LABEL = { [MULTI_CLUSTER]: "true" };
export const CLUSTER_ANNOTATION = "networking.istio.io/cluster";

/**
 * The kubeconfig in a remote secret, as `istioctl create-remote-secret` writes it (istio/istio,
 * istioctl/pkg/multicluster/remote_secret.go). It may also have a proxy, which istiod accepts (pkg/kube/util.go,
 * sanitizeKubeConfig).
 */
export function remoteKubeconfig(remote: RemoteCluster): string {
  const { clusterName, server, tlsServerName, proxyUrl, caData, token } = remote;
  const cluster = {
    ...(caData !== undefined && { "certificate-authority-data": caData }),
    server,
    ...(tlsServerName !== undefined && { "tls-server-name": tlsServerName }),
    ...(proxyUrl !== undefined && { "proxy-url": proxyUrl }),
  };
  return kubeconfigText({
    apiVersion: "v1",
    clusters: [{ cluster, name: clusterName }],
    contexts: [{ context: { cluster: clusterName, user: clusterName }, name: clusterName }],
    "current-context": clusterName,
    kind: "Config",
    users: [{ name: clusterName, user: { token } }],
  });
}
