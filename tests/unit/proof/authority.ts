import "reflect-metadata"; // @peculiar/x509 requires that this is imported first
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;

/** A certificate with its keys, which can issue others. */
export interface Issued {
  readonly pem: string;
  readonly subject: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface Request {
  readonly subject?: string;
  /** SPIFFE identity of a workload. */
  readonly uri?: string;
  readonly ca?: boolean;
  readonly usages?: readonly string[];
  /** Days from now. */
  readonly from?: number;
  readonly to: number;
}

/**
 * Issues a certificate, self-signed without an issuer. It has no key identifiers, so that only names and keys identify
 * the issuer.
 */
export async function issue(
  { subject = "", uri, ca = false, usages, from = -1, to }: Request,
  issuer?: Issued,
): Promise<Issued> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer?.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() + from * day),
    notAfter: new Date(Date.now() + to * day),
    extensions: [
      new x509.BasicConstraintsExtension(ca, undefined, true),
      ...(usages === undefined ? [] : [new x509.ExtendedKeyUsageExtension(usages as x509.ExtendedKeyUsage[])]),
      ...(uri === undefined ? [] : [new x509.SubjectAlternativeNameExtension([{ type: "url", value: uri }])]),
    ],
  });
  return { pem: `${certificate.toString("pem")}\n`, subject, keys };
}

export const makeRoot = (subject = "O=Istio, CN=Root CA") => issue({ subject, ca: true, to: 3650 });

export const makeIntermediate = (root: Issued, cluster: string, to = 1825) =>
  issue({ subject: `O=Istio, CN=Intermediate CA, L=${cluster}`, ca: true, to }, root);

export const makeLeaf = (issuer: Issued, account: string, to = 1) =>
  issue({ uri: `spiffe://cluster.local/ns/sample/sa/${account}`, to }, issuer);

/** Envoy's answer to config_dump?resource=dynamic_active_secrets, in the format of version 1.37. */
export function secretDump(chain: string, trusted: string): string {
  const secret = (name: string, content: object) => ({
    "@type": "type.googleapis.com/envoy.admin.v3.SecretsConfigDump.DynamicSecret",
    name,
    last_updated: "2026-01-02T03:04:05.678Z",
    secret: { "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret", name, ...content },
  });
  const bytes = (text: string) => ({ inline_bytes: Buffer.from(text).toString("base64") });
  const configs = [
    secret("default", { tls_certificate: { certificate_chain: bytes(chain), private_key: bytes("[redacted]") } }),
    secret("ROOTCA", { validation_context: { trusted_ca: bytes(trusted) } }),
  ];
  return JSON.stringify({ configs }, null, 1);
}
