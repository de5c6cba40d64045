// Roots like those of the tls plugin, and others. Each key is generated once.
import "reflect-metadata"; // @peculiar/x509 requires that this is imported first
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ecdsa = (namedCurve: string) => ({ name: "ECDSA", namedCurve, hash: "SHA-256" });
const rsa = (modulusLength: number) => ({
  name: "RSASSA-PKCS1-v1_5",
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
});
const algorithms = {
  P256: ecdsa("P-256"),
  P384: ecdsa("P-384"),
  P521: ecdsa("P-521"),
  2048: rsa(2048),
  3072: rsa(3072),
} as const;
export type KeyKind = keyof typeof algorithms;

const made = new Map<KeyKind, Promise<webcrypto.CryptoKeyPair>>();
function keysOf(kind: KeyKind): Promise<webcrypto.CryptoKeyPair> {
  const keys =
    made.get(kind) ??
    (webcrypto.subtle.generateKey(algorithms[kind], true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>);
  made.set(kind, keys);
  return keys;
}

export interface RootRequest {
  readonly key?: KeyKind;
  /** RDNs in order. */
  readonly name?: x509.JsonName;
  readonly hours?: number;
  readonly pathLength?: number;
}

export async function rootPem({
  key = "P256",
  name,
  hours = 87_600,
  pathLength = 1,
}: RootRequest = {}): Promise<string> {
  const notBefore = new Date(1_760_000_000_000);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: name ?? named("Istio"),
    keys: await keysOf(key),
    signingAlgorithm: algorithms[key],
    notBefore,
    notAfter: new Date(notBefore.getTime() + hours * 3_600_000),
    extensions: [new x509.BasicConstraintsExtension(true, pathLength, true)],
  });
  return `${certificate.toString("pem")}\n`;
}

export const named = (organization: string, commonName = "Root CA") =>
  [{ O: [{ utf8String: organization }] }, { CN: [{ utf8String: commonName }] }] as unknown as x509.JsonName;
