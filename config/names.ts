/** Longest DNS-1123 label, in characters (RFC 1123, Kubernetes). */
const MAX_LABEL = 63;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$/;

export function isDnsLabel(name: string): boolean {
  return name.length <= MAX_LABEL && DNS_LABEL.test(name);
}

/** Whether a TLS client can use the name: DNS labels separated by dots (RFC 1123), or an IP address. */
export function isHostname(name: string): boolean {
  return name.length <= 253 && name.toLowerCase().split(".").every(isDnsLabel);
}

/** Whether the name is valid for a Kubernetes Secret: a DNS-1123 subdomain. */
export function isSecretName(name: string): boolean {
  return name === name.toLowerCase() && isHostname(name);
}

/** Whether the text is valid as a label value in Kubernetes (Istio keeps a cluster's network in a label). */
export function isLabelValue(value: string): boolean {
  return value.length <= MAX_LABEL && LABEL_VALUE.test(value);
}

/**
 * Whether the text is valid as the key of a label, an annotation or a taint in Kubernetes: a name, optionally after a
 * domain and a slash.
 */
export function isLabelKey(key: string): boolean {
  const [name = "", domain, ...more] = key.split("/").reverse();
  return name !== "" && isLabelValue(name) && more.length === 0 && (domain === undefined || isSecretName(domain));
}

/**
 * The DNS-1123 label closest to an invalid name, such as a kubeconfig context with underscores. A long name keeps its
 * end, because there providers' names differ.
 */
export function suggestDnsLabel(name: string): string {
  const label = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(-MAX_LABEL)
    .replace(/^-+|-+$/g, "");
  return label || "cluster";
}
