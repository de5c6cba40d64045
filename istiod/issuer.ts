/** Expiry times in ms since the epoch; undefined if istiod has no such certificate. */
export interface IssuerEnds {
  /** Expiry of its signing intermediate. */
  readonly signer: number | undefined;
  /** Expiry of the first root that it trusts. */
  readonly root: number | undefined;
}

/**
 * Expiry times of the certificates that an istiod has loaded, from its metrics, because no debug page shows its CA.
 * They identify a certificate: two that were issued one after the other do not expire in the same second.
 */
export function issuerEnds(metrics: string): IssuerEnds {
  return { signer: endOf("cert_chain", metrics), root: endOf("root_cert", metrics) };
}

function endOf(certificate: string, metrics: string): number | undefined {
  const metric = `citadel_server_${certificate}_expiry_timestamp`;
  const [, seconds] = new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(metrics) ?? [];
  const end = Number(seconds);
  return seconds === undefined || !Number.isFinite(end) ? undefined : end * 1_000;
}
