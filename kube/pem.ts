// PEM as Go reads it (encoding/pem, crypto/x509): OpenSSL, and so Node, takes some that Go does not, and the other way round.
import { X509Certificate } from "node:crypto";

/** The certificates of a CA's text: those that cannot be parsed are passed over, as Go does, while OpenSSL stops at the first of them. */
export function caCertificates(text: string): string[] {
  const blocks = text.match(/^-----BEGIN CERTIFICATE-----[ \t]*\r?\n[\w+/=\s]*^-----END CERTIFICATE-----/gm) ?? [];
  return blocks.filter((block) => {
    try {
      return new X509Certificate(block).raw.length > 0;
    } catch {
      return false;
    }
  });
}

/** Whether a block of the kind begins at the start of a line, behind which Go looks for one. */
export const hasBlock = (text: string, kind: "CERTIFICATE" | "PRIVATE KEY"): boolean =>
  new RegExp(`^-----BEGIN ${kind === "CERTIFICATE" ? "" : "([A-Z]+ )?"}${kind}-----`, "m").test(text);
