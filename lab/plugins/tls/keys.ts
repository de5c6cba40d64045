// Keys as the certificate types need them: parsed from PEM, named as in the original, and as WebCrypto keys.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, type webcrypto } from "node:crypto";

/** The original's curve names and OpenSSL's. */
export const CURVES = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" } as const;

const ALGORITHMS: Readonly<Record<string, string>> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };

// Hashes as Go's crypto/x509 chooses them.
const EC_SIGNING: Readonly<Record<string, { namedCurve: string; hash: string; pointBytes: number }>> = {
  [CURVES.P256]: { namedCurve: "P-256", hash: "SHA-256", pointBytes: 65 },
  [CURVES.P384]: { namedCurve: "P-384", hash: "SHA-384", pointBytes: 97 },
  [CURVES.P521]: { namedCurve: "P-521", hash: "SHA-512", pointBytes: 133 },
};

/** @throws when `pem` is no private key; `property` names where it came from */
export function parsePrivateKey(pem: unknown, property: string): KeyObject {
  try {
    return createPrivateKey(pem as string);
  } catch (error) {
    throw new Error(`${property}: failed to parse private key PEM: ${(error as Error).message}`);
  }
}

/** `RSA`, `ECDSA` or `ED25519`. */
export function algorithmOf(key: KeyObject): string {
  const algorithm = ALGORITHMS[key.asymmetricKeyType ?? ""];
  if (algorithm === undefined)
    throw new Error(`key type ${key.asymmetricKeyType} is not supported: use ${Object.values(ALGORITHMS).join(", ")}`);
  return algorithm;
}

function ecSigning(key: KeyObject) {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  const signing = EC_SIGNING[curve];
  if (signing === undefined)
    throw new Error(
      `ECDSA curve ${curve}: the lab's stand-in cannot sign with it: set ecdsaCurve to P256, P384 or P521`,
    );
  return signing;
}

/** WebCrypto's name for signing with `key`, or for checking its signatures. */
export function signingAlgorithm(key: KeyObject): { name: string; hash: string; namedCurve?: string } {
  switch (algorithmOf(key)) {
    case "RSA":
      return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    case "ECDSA": {
      const { namedCurve, hash } = ecSigning(key);
      return { name: "ECDSA", namedCurve, hash };
    }
    default:
      return { name: "Ed25519", hash: "SHA-512" };
  }
}

export function toCryptoKey(key: KeyObject): webcrypto.CryptoKey {
  return key.toCryptoKey(signingAlgorithm(key), true, [key.type === "private" ? "sign" : "verify"]);
}

export function spkiOf(key: KeyObject): Buffer {
  return (key.type === "private" ? createPublicKey(key) : key).export({ type: "spki", format: "der" });
}

/** SHA-1 of the public key as the original encodes it, in hex: RFC 5280's first method for RSA and ECDSA. */
export function subjectKeyId(publicKey: KeyObject): string {
  const hash = (bytes: Uint8Array): string => createHash("sha1").update(bytes).digest("hex");
  switch (algorithmOf(publicKey)) {
    case "RSA":
      return hash(publicKey.export({ type: "pkcs1", format: "der" }));
    case "ECDSA":
      return hash(spkiOf(publicKey).subarray(-ecSigning(publicKey).pointBytes));
    default:
      // The original hashes the 32 bytes wrapped as an OCTET STRING.
      return hash(Buffer.concat([Buffer.from([0x04, 0x20]), spkiOf(publicKey).subarray(-32)]));
  }
}
