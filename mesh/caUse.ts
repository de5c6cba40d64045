// Whether a mesh can use a CA: istiod (Go) signs with it, and proxies (BoringSSL), the API server and agents (Go)
// verify the signed certificates, for servers and clients. What both libraries accept was tested with Go 1.26 and Envoy
// 1.37 and 1.39: tests/unit/config/authorityCases.ts.
import type { X509Certificate } from "node:crypto";
import { type Algorithm, algorithm, type Extension, partsOf } from "./certificateParts.ts";
import { elements, inside, objectId } from "./der.ts";
import { constraintFault } from "./nameConstraints.ts";

export interface Fault {
  /** The fault, as a predicate of the certificate: "is for servers only …". */
  readonly what: string;
  /** The remedy, in the imperative. */
  readonly remedy: string;
}

export interface Place {
  /** Clients do not verify a root's own signature, and Envoy checks few other parts of a root. */
  readonly isRoot: boolean;
  /** Number of CAs between it and the workload's certificate. */
  readonly below: number;
  /** Undefined if unknown. */
  readonly trustDomain: string | undefined;
}

const [SERVER, CLIENT, ANY] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0"];
const KEYS = "an ECDSA key (P-256, P-384 or P-521) or an RSA key of 2048 to 8192 bits";

/** Why a mesh cannot use a CA certificate, apart from validity, issuers and path lengths. */
export function useFaults(certificate: X509Certificate, place: Place): Fault[] {
  const { serial, signature, key, publicKey, extensions } = partsOf(certificate);
  const value = (id: string) => extensions.find((extension) => extension.id === id)?.value;
  const anew = (what: string | undefined, how: string) =>
    what === undefined ? [] : [{ what, remedy: `reissue it ${how}` }];
  const constraints = value("2.5.29.30");
  return [
    ...anew(keyFault(certificate, key, publicKey), `for ${KEYS}`),
    ...anew(place.isRoot ? undefined : signatureFault(signature), "with SHA-256"),
    ...anew(usageFault(value("2.5.29.37"), place), "with serverAuth and clientAuth, or without extended key usage"),
    ...anew(
      maySign(certificate) ? undefined : "may not sign certificates by its key usage",
      "with the key usage keyCertSign",
    ),
    ...anew(constraints && constraintFault(constraints, place.trustDomain), "without that name constraint"),
    ...anew(policyFault(value("2.5.29.36"), place), "without requireExplicitPolicy"),
    ...anew(extensionFault(extensions, place), "without it"),
    ...anew(
      (serial[0] ?? 0) > 127 ? "has a negative serial number, which Go refuses" : undefined,
      "with a positive one",
    ),
  ];
}

const EC_KEY = "1.2.840.10045.2.1";
const RSA_KEY = "1.2.840.113549.1.1.1";
const ED25519 = "1.3.101.112";
/** NIST curves that both libraries support: P-224, P-256, P-384, P-521. */
const CURVES = ["1.3.132.0.33", "1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];
const OBJECT_ID = 0x06;
const UNCOMPRESSED = 0x04;
/** Largest RSA key that Go accepts in a handshake (crypto/tls, maxRSAKeySize). */
const MOST_BITS = 8192;
/** Largest exponent that Go accepts (crypto/rsa). */
const MOST_EXPONENT = 2n ** 31n - 1n;

function keyFault(certificate: X509Certificate, { id, parameters }: Algorithm, publicKey: Buffer): string | undefined {
  if (id === ED25519) return undefined;
  if (id === EC_KEY) {
    if (parameters?.tag !== OBJECT_ID) return "has a key with explicit curve parameters, which Go refuses";
    const curve = objectId(parameters.content);
    if (!CURVES.includes(curve)) return `has a key on the curve ${CURVE_NAMES[curve] ?? curve}, which Go does not know`;
    return publicKey[0] === UNCOMPRESSED ? undefined : "has its key in compressed form, which Go does not read";
  }
  if (id !== RSA_KEY) return `has a key of kind ${KEY_NAMES[id] ?? id}, which Go does not read`;
  const { modulusLength = 0, publicExponent = 0n } = certificate.publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength < 2048) return `has an RSA key of ${modulusLength} bits, which is too weak`;
  if (modulusLength > MOST_BITS) return `has an RSA key of ${modulusLength} bits, which Go refuses`;
  return publicExponent > MOST_EXPONENT ? "has an RSA key whose exponent is too large for Go" : undefined;
}

const CURVE_NAMES: Readonly<Record<string, string>> = { "1.3.132.0.10": "secp256k1" };
const KEY_NAMES: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.10": "RSA-PSS",
  "1.2.840.10040.4.1": "DSA",
  "1.3.101.113": "Ed448",
};

const RSA = "1.2.840.113549.1.1";
const ECDSA = "1.2.840.10045.4";
const HASHES: Readonly<Record<string, number>> = {
  "2.16.840.1.101.3.4.2.1": 32,
  "2.16.840.1.101.3.4.2.2": 48,
  "2.16.840.1.101.3.4.2.3": 64,
};
/** SHA-256, SHA-384 and SHA-512 with RSA and ECDSA, and Ed25519. */
const SIGNATURES = [...[11, 12, 13].map((id) => `${RSA}.${id}`), ...[2, 3, 4].map((id) => `${ECDSA}.3.${id}`), ED25519];
const WEAK: Readonly<Record<string, string>> = {
  [`${RSA}.4`]: "MD5",
  [`${RSA}.5`]: "SHA-1",
  [`${ECDSA}.1`]: "SHA-1",
  "1.3.14.3.2.29": "SHA-1",
};
const PSS = `${RSA}.10`;

/** The weak hash of a signature, which Go and Envoy refuse below a root; undefined if it is strong. */
export function weakHash(certificate: X509Certificate): string | undefined {
  return WEAK[partsOf(certificate).signature.id];
}

function signatureFault({ id, parameters }: Algorithm): string | undefined {
  if (SIGNATURES.includes(id)) return undefined;
  if (WEAK[id] !== undefined) return `is signed with ${WEAK[id]}, which Go refuses`;
  if (id !== PSS) return `is signed by the algorithm ${id}, which Go does not know`;
  const tagged = elements(parameters?.content ?? Buffer.alloc(0));
  const [hash, mask, salt] = [0xa0, 0xa1, 0xa2].map((tag) => tagged.find((part) => part.tag === tag)?.content);
  const of = (part: Buffer | undefined) => algorithm(elements(part ?? Buffer.alloc(0))[0]);
  const name = of(hash).id;
  const length = HASHES[name];
  const isSupported =
    length !== undefined &&
    algorithm(of(mask).parameters).id === name &&
    elements(salt ?? Buffer.alloc(0))[0]?.content.at(-1) === length;
  return isSupported ? undefined : "is signed by RSA-PSS with parameters that Go does not know";
}

/**
 * Extended key usage also applies to all certificates below. Go evaluates the root's as well; Envoy does not support
 * "any".
 */
function usageFault(value: Buffer | undefined, { isRoot }: Place): string | undefined {
  if (value === undefined) return undefined;
  const usages = inside(value).map(({ content }) => objectId(content));
  if (isRoot && usages.includes(ANY)) return undefined;
  const missing = [
    ...(usages.includes(SERVER) ? [] : ["servers (serverAuth)"]),
    ...(usages.includes(CLIENT) ? [] : ["clients (clientAuth)"]),
  ];
  if (missing.length === 0) return undefined;
  const known = usages.map((usage) => USAGE_NAMES[usage] ?? usage).join(", ");
  return `has the extended key usage ${known}, which excludes ${missing.join(" and ")}: every workload is both`;
}

const USAGE_NAMES: Readonly<Record<string, string>> = {
  [SERVER]: "serverAuth",
  [CLIENT]: "clientAuth",
  [ANY]: "anyExtendedKeyUsage",
  "1.3.6.1.5.5.7.3.3": "codeSigning",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning",
};

const KEY_USAGE = "2.5.29.15";
const KEY_CERT_SIGN = 0x04;

/** Whether its key usage, if it has any, allows signing certificates. */
export function maySign(certificate: X509Certificate): boolean {
  const usage = partsOf(certificate).extensions.find(({ id }) => id === KEY_USAGE);
  // The first byte of a bit string is the number of unused bits.
  return usage === undefined || ((elements(usage.value)[0]?.content[1] ?? 0) & KEY_CERT_SIGN) !== 0;
}

/** Certificates from istiod have no policy. */
function policyFault(value: Buffer | undefined, { isRoot, below }: Place): string | undefined {
  const explicit = value && inside(value).find(({ tag }) => tag === 0x80);
  if (isRoot || !explicit || (explicit.content.at(-1) ?? 0) > below + 1) return undefined;
  return "requires an explicit policy, and istiod's certificates have none";
}

/**
 * Last parts of ids below 2.5.29 that both libraries support in critical extensions. Envoy does not support 31, but
 * does not check it in a root.
 */
const UNDERSTOOD = [15, 17, 19, 30, 32, 33, 36, 37, 54];

const POLICIES = "2.5.29.32";

function extensionFault(extensions: readonly Extension[], { isRoot }: Place): string | undefined {
  const understood = (isRoot ? [...UNDERSTOOD, 31] : UNDERSTOOD).map((end) => `2.5.29.${end}`);
  const unknown = extensions.find(({ id, critical }) => critical && !understood.includes(id));
  if (unknown) return `has the critical extension ${unknown.id}, which Go or Envoy does not accept`;
  const ids = extensions.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) return `has the extension ${twice} twice`;
  const policies = inside(extensions.find(({ id }) => id === POLICIES)?.value ?? Buffer.alloc(0));
  const names = policies.map(({ content }) => objectId(elements(content)[0]?.content));
  return new Set(names).size < names.length ? "has a certificate policy twice, which Go refuses" : undefined;
}
