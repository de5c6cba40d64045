// Certificates that somebody signs with the key of an intermediate.
import { createPrivateKey } from "node:crypto";
import "reflect-metadata"; // @peculiar/x509 requires that this is imported first
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HOUR = 3_600_000;

/** A certificate of the sample's caller, below an ECDSA P-256 intermediate, with its key. In PEM. */
export async function forged(intermediate: { readonly certificate: string; readonly key: string }) {
  const issuer = new x509.X509Certificate(intermediate.certificate);
  const pkcs8 = createPrivateKey(intermediate.key).export({ type: "pkcs8", format: "der" });
  const signingKey = await crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), ALGORITHM, false, ["sign"]);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const leaf = await x509.X509CertificateGenerator.create({
    subject: "",
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - HOUR),
    notAfter: new Date(Date.now() + 24 * HOUR),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        [{ type: "url", value: "spiffe://cluster.local/ns/sample/sa/sleep" }],
        true,
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { certificate: `${leaf.toString("pem")}\n${intermediate.certificate}`, key };
}
