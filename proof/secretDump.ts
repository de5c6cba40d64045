/** A proxy's current certificates as PEM; empty if it has none. */
export interface LiveSecrets {
  /** Its workload certificate, then the intermediates. */
  readonly chain: string;
  /** The roots that it trusts. */
  readonly trusted: string;
}

/** Requests the secrets of a sidecar's Envoy, as `istioctl proxy-config secret` does. Envoy redacts private keys. */
export const secretDumpCommand: readonly string[] = [
  "pilot-agent",
  "request",
  "GET",
  "config_dump?resource=dynamic_active_secrets",
];

interface Bytes {
  readonly inline_bytes?: string;
  readonly inline_string?: string;
}

interface DynamicSecret {
  readonly name?: string;
  readonly secret?: {
    readonly tls_certificate?: { readonly certificate_chain?: Bytes };
    readonly validation_context?: { readonly trusted_ca?: Bytes };
  };
}

/**
 * Parses Envoy's answer. It consists of SecretsConfigDump.DynamicSecret messages; Istio's are `default` and `ROOTCA`.
 * @throws Error with the beginning of the answer, if it is something else
 */
export function parseSecretDump(text: string): LiveSecrets {
  const secrets = readConfigs(text);
  const find = (name: string) => secrets.find((secret) => secret.name === name)?.secret;
  return {
    chain: decode(find("default")?.tls_certificate?.certificate_chain),
    trusted: decode(find("ROOTCA")?.validation_context?.trusted_ca),
  };
}

function readConfigs(text: string): readonly DynamicSecret[] {
  // Envoy's answer if it has no dynamic secrets.
  if (text.includes("not found in config dump")) return [];
  try {
    const { configs } = JSON.parse(text) as { configs?: readonly DynamicSecret[] };
    if (Array.isArray(configs)) return configs;
  } catch {
    // The error below reports this, like any other answer that is no dump.
  }
  throw new Error(`not a config dump of Envoy: ${JSON.stringify(text.slice(0, 100))}`);
}

function decode(bytes: Bytes | undefined): string {
  return bytes?.inline_string ?? Buffer.from(bytes?.inline_bytes ?? "", "base64").toString("utf8");
}
