import type { X509Certificate } from "node:crypto";
import { type Fault, maySign } from "./caUse.ts";
import { partsOf } from "./certificateParts.ts";

/** Whether the one's key signed the other, in the one's name. */
export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey);
}

/** Why Go or Envoy would not take the one for the issuer of what it did sign. */
export function linkFault(certificate: X509Certificate, issuer: X509Certificate): Fault | undefined {
  const remedy = "have it signed anew by the issuer's present certificate";
  if (!partsOf(certificate).issuer.equals(partsOf(issuer).subject))
    return {
      what: "writes its issuer's name in another encoding than the issuer itself does, and Go compares bytes",
      remedy,
    };
  // OpenSSL also looks at the issuer's key usage, which is the issuer's own fault.
  if (certificate.checkIssued(issuer) || !maySign(issuer)) return undefined;
  return { what: "names another key as its issuer's (authority key identifier), which Envoy refuses", remedy };
}
