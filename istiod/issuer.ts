/**
 * When the intermediate that an istiod signs with ends, in ms since the epoch: from its metrics, because no debug page tells its CA.
 * Two intermediates that were issued one after the other do not end in the same second. Undefined where istiod signs with none.
 */
export function issuerEnd(metrics: string): number | undefined {
  const [, seconds] = /^citadel_server_cert_chain_expiry_timestamp(?:\{[^}]*\})? (\S+)$/m.exec(metrics) ?? [];
  const end = Number(seconds);
  return seconds === undefined || !Number.isFinite(end) ? undefined : end * 1_000;
}
