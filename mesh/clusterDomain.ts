/** DNS domain of the Services of a cluster whose kubelets and CoreDNS know no other. */
export const DEFAULT_DOMAIN = "cluster.local";

/** Hosts of all Services, as a Gateway's server names them. Of the default, as in Istio's own samples. */
export const servicesOf = (clusterDomain: string): string =>
  clusterDomain === DEFAULT_DOMAIN ? "*.local" : `*.${clusterDomain}`;
