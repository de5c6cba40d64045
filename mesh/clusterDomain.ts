/** The default DNS domain of a cluster's Services. */
export const DEFAULT_DOMAIN = "cluster.local";

/** Hosts of all Services in a Gateway's server. For the default domain, the value is that of Istio's own samples. */
export const servicesOf = (clusterDomain: string): string =>
  clusterDomain === DEFAULT_DOMAIN ? "*.local" : `*.${clusterDomain}`;
