/** Name of the Secret that holds the credentials for a cluster. */
export function remoteSecretName(clusterName: string): string {
  return `istio-remote-secret-${clusterName}`;
}
