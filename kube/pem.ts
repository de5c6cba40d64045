// Reads PEM as Go does (encoding/pem, crypto/x509). OpenSSL, and therefore Node, accepts some texts that Go refuses,
// and refuses some that Go accepts.
import { X509Certificate } from "node:crypto";

/** PEM lines as Go accepts them: white space is allowed anywhere between BEGIN and END, which OpenSSL refuses. */
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----[ \t]*\r?\n([\w+/=\s]*)^-----END CERTIFICATE-----[ \t]*\r?$/gm;

/**
 * The certificates in a CA's PEM. Like Go, it skips those that cannot be parsed; OpenSSL stops at the first of them.
 */
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

/** Whether the text has a block of this kind. Go looks for one only at the start of a line. */
export const hasBlock = (text: string, kind: "CERTIFICATE" | "PRIVATE KEY"): boolean =>
  new RegExp(`^-----BEGIN ${kind === "CERTIFICATE" ? "" : "([A-Z]+ )?"}${kind}-----`, "m").test(text);
