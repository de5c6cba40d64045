/** In ms since the epoch; undefined where istiod has none. */
export interface IssuerEnds {
  /** Of the intermediate that it signs with. */
  readonly signer: number | undefined;
  /** Of the first root that it trusts. */
  readonly root: number | undefined;
}

/**
 * When the certificates that an istiod has loaded end: from its metrics, because no debug page tells its CA. Two certificates that were
 * issued one after the other do not end in the same second.
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
