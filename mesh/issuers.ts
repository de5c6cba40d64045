import type { X509Certificate } from "node:crypto";
import { type Fault, maySign } from "./caUse.ts";
import { partsOf } from "./certificateParts.ts";

/** Whether `issuer` signed `certificate`: name and signature match. */
export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey);
}

/** Why Go or Envoy would refuse `issuer` as the issuer of a certificate that it did sign. */
export function linkFault(certificate: X509Certificate, issuer: X509Certificate): Fault | undefined {
  const remedy = "reissue it with the issuer's current certificate";
  if (!partsOf(certificate).issuer.equals(partsOf(issuer).subject))
    return {
      what: "encodes its issuer's name differently than the issuer does, and Go compares bytes",
      remedy,
    };
  // checkIssued also fails because of the issuer's key usage. That is a fault of the issuer, reported elsewhere.
  if (certificate.checkIssued(issuer) || !maySign(issuer)) return undefined;
  return { what: "has the authority key identifier of another key, which Envoy refuses", remedy };
}
