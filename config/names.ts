/** Longest DNS-1123 label, in characters (RFC 1123, Kubernetes). */
const MAX_LABEL = 63;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$/;

export function isDnsLabel(name: string): boolean {
  return name.length <= MAX_LABEL && DNS_LABEL.test(name);
}

/** Whether a TLS client may ask for this name: labels with dots between (RFC 1123); an IP address is one as well. */
export function isHostname(name: string): boolean {
  return name.length <= 253 && name.toLowerCase().split(".").every(isDnsLabel);
}

/** Whether a Kubernetes Secret may have this name: a DNS-1123 subdomain. */
export function isSecretName(name: string): boolean {
  return name === name.toLowerCase() && isHostname(name);
}

/** Whether a Kubernetes label may have this value (Istio keeps a cluster's network in one). */
export function isLabelValue(value: string): boolean {
  return value.length <= MAX_LABEL && LABEL_VALUE.test(value);
}

/** Whether Kubernetes takes a key of a label, an annotation or a taint: a name, before which a domain and a slash may stand. */
export function isLabelKey(key: string): boolean {
  const [name = "", domain, ...more] = key.split("/").reverse();
  return name !== "" && isLabelValue(name) && more.length === 0 && (domain === undefined || isSecretName(domain));
}

/**
 * The nearest DNS-1123 label to a name that is none, such as a kubeconfig context with underscores.
 * A name that is too long keeps its end, where providers put what tells clusters apart.
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
