// Whether the config would replace the live root. Replacing a root in one step breaks trust: istiod reads a new root
// only when it restarts (pilot/pkg/bootstrap/istio_ca.go, handleEvent), so the clusters do not change at the same time.
// The tls plugin replaces a certificate if its subject, validity, path length or key changes. An intermediate may be
// replaced, because a running istiod loads another one of the same root.
import { X509Certificate } from "node:crypto";

/** The fields of `csp-mesh:ca` that determine the mesh's root. They contain no secrets. */
export type RootSettings =
  | {
      readonly source: "generated";
      readonly organization: string;
      readonly algorithm: "ECDSA" | "RSA";
      readonly ecdsaCurve?: string | undefined;
      readonly rsaBits?: number | undefined;
      readonly rootValidityHours: number;
      readonly rootPathLength: number;
      readonly rootGeneration?: number | undefined;
    }
  | { readonly source: "root"; readonly certificate: string }
  | { readonly source: "intermediates"; readonly root: string };

type Generated = Extract<RootSettings, { source: "generated" }>;

/** Drops the private keys of a config. */
export function rootSettings(ca: RootSettings): RootSettings {
  if (ca.source === "root") return { source: ca.source, certificate: ca.certificate };
  if (ca.source === "intermediates") return { source: ca.source, root: ca.root };
  return ca;
}

/** The defaults of generated keys. */
export const DEFAULT_CURVE = "P256";
export const DEFAULT_BITS = 4096;
/**
 * `CN` of a generated root. It includes the generation, because two roots that are trusted at the same time need
 * different names.
 */
export const rootName = (generation = 1) => (generation === 1 ? "Root CA" : `Root CA ${generation}`);

/** A setting that would replace the root. */
export interface RootDifference {
  /** `ca.organization` */
  readonly field: string;
  readonly live: string;
  readonly wanted: string;
}

export function rootDifferences(live: X509Certificate, settings: RootSettings): RootDifference[] {
  if (settings.source === "root") return givenDifference("ca.certificate", live, settings.certificate);
  if (settings.source === "intermediates") return givenDifference("ca.root", live, settings.root);
  const { organization, rootValidityHours, rootPathLength, rootGeneration = 1 } = settings;
  const name = rootName(rootGeneration);
  const { O, CN, ...more } = live.toLegacyObject().subject as Record<string, unknown>;
  // generateRoot (components/certificates.ts) writes no such subject, so this root was not generated.
  const [, number = "1"] = /^Root CA(?: (\d+))?$/.exec(String(CN)) ?? [undefined, ""];
  if (number === "" || typeof O !== "string" || Object.keys(more).length > 0)
    return difference("ca.source", live.subject, `O=${organization}\nCN=${name}`, shown);
  return [
    ...difference("ca.rootGeneration", Number(number), rootGeneration),
    ...difference("ca.organization", O, organization, shown),
    ...keyDifference(live, settings),
    ...difference("ca.rootValidityHours", validityHours(live), rootValidityHours),
    ...difference("ca.rootPathLength", pathLength(live), rootPathLength),
  ];
}

function givenDifference(field: string, live: X509Certificate, pem: string): RootDifference[] {
  const given = new X509Certificate(pem);
  return live.raw.equals(given.raw) ? [] : [{ field, live: fingerprint(live), wanted: fingerprint(given) }];
}

function difference<Value>(field: string, live: Value, wanted: Value, show: (value: Value) => string = String) {
  return live === wanted ? [] : [{ field, live: show(live), wanted: show(wanted) }];
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: "P256", secp384r1: "P384" };
const ALGORITHMS: Readonly<Record<string, string>> = { ec: "ECDSA", rsa: "RSA" };

function keyDifference({ publicKey }: X509Certificate, { algorithm, ecdsaCurve, rsaBits }: Generated) {
  const { asymmetricKeyType: type = "", asymmetricKeyDetails: details } = publicKey;
  const live = ALGORITHMS[type] ?? type;
  if (live !== algorithm) return difference<string>("ca.algorithm", live, algorithm);
  if (algorithm === "RSA") return difference("ca.rsaBits", details?.modulusLength, rsaBits ?? DEFAULT_BITS);
  const curve = details?.namedCurve ?? "";
  return difference<string>("ca.ecdsaCurve", CURVES[curve] ?? curve, ecdsaCurve ?? DEFAULT_CURVE);
}

/** Rounded to hours, as in the config, because a certificate has a resolution of seconds. */
const validityHours = ({ validFrom, validTo }: X509Certificate) =>
  Math.round((Date.parse(validTo) - Date.parse(validFrom)) / 3_600_000);

/** The name on one line, without characters that affect a terminal. */
const shown = (name: string) => JSON.stringify(name.split("\n").join(", ").replace(/\p{C}/gu, "\ufffd").slice(0, 200));

/** The first bytes of the SHA-256 fingerprint, which are enough for a person to compare. */
export const fingerprint = ({ fingerprint256 }: X509Certificate): string => fingerprint256.slice(0, 23);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the bytes
const BASIC_CONSTRAINTS = /\x06\x03\x55\x1d\x13(?:\x01\x01\xff)?\x04.\x30.\x01\x01\xff\x02([\x01-\x06])(.*)/s;

/**
 * The path length in a certificate's basic constraints (RFC 5280, section 4.2.1.9), which Node does not provide;
 * undefined if it has none. The DER consists of the extension's id, an optional "critical", then a sequence of the CA
 * flag and the length.
 */
export function pathLength(certificate: X509Certificate): number | undefined {
  const [, size, bytes] = BASIC_CONSTRAINTS.exec(certificate.raw.toString("latin1")) ?? [];
  if (size === undefined || bytes === undefined) return undefined;
  return Buffer.from(bytes, "latin1").readUIntBE(0, size.charCodeAt(0));
}
