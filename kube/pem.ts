// PEM as Go reads it (encoding/pem, crypto/x509): OpenSSL, and so Node, takes some that Go does not, and the other way round.
import { X509Certificate } from "node:crypto";

/** Lines as Go takes them: those between may have white space anywhere, which OpenSSL does not take. */
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----[ \t]*\r?\n([\w+/=\s]*)^-----END CERTIFICATE-----[ \t]*\r?$/gm;

/** The certificates of a CA's text: those that cannot be parsed are passed over, as Go does, while OpenSSL stops at the first of them. */
export function caCertificates(text: string): string[] {
  return [...text.matchAll(CERTIFICATE)].flatMap(([, body = ""]) => {
    const lines = body.replaceAll(/\s/g, "").replaceAll(/.{1,64}/g, "$&\n");
    const block = `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----`;
    try {
      return new X509Certificate(block).raw.length > 0 ? [block] : [];
    } catch {
      return [];
    }
  });
}

/** Whether a block of the kind begins at the start of a line, behind which Go looks for one. */
export const hasBlock = (text: string, kind: "CERTIFICATE" | "PRIVATE KEY"): boolean =>
  new RegExp(`^-----BEGIN ${kind === "CERTIFICATE" ? "" : "([A-Z]+ )?"}${kind}-----`, "m").test(text);
