import { X509Certificate } from "node:crypto";
import { fingerprint } from "../mesh/caIdentity.ts";
import { useFaults } from "../mesh/caUse.ts";
import type { LiveSecrets } from "./secretDump.ts";

const day = 86_400_000;

/** Validation result of a workload's live certificates. */
export interface ChainReport {
  /** Why they do not chain to the root; empty if they do. */
  readonly problems: readonly string[];
  /** Days until the leaf, the first intermediate to expire, and the root expire. */
  readonly daysLeft: { readonly leaf: number; readonly intermediate: number; readonly root: number };
}

export interface ChainExpectation {
  readonly root: X509Certificate;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * Validates a live certificate chain from the leaf to the mesh's root: issuers, signatures, validity, CA flags, key
 * usage for servers and clients, the leaf's identity, and whether the proxy trusts the root.
 */
export function inspectChain({ chain, trusted }: LiveSecrets, expected: ChainExpectation): ChainReport {
  const { root, now } = expected;
  const [leaf, ...sent] = certificatesIn(chain);
  const left = (certificate: X509Certificate) => (Date.parse(certificate.validTo) - now) / day;
  if (!leaf) {
    return {
      problems: ["the proxy has no workload certificate"],
      daysLeft: { leaf: 0, intermediate: 0, root: left(root) },
    };
  }
  const { path, problem } = pathToRoot(leaf, sent, root);
  const intermediates = path.slice(1);
  const [, trustDomain = ""] = /URI:spiffe:\/\/([^/,]+)/.exec(leaf.subjectAltName ?? "") ?? [];
  const faultsOf = (certificate: X509Certificate, isRoot: boolean, below: number) =>
    useFaults(certificate, { isRoot, below, trustDomain }).map(
      ({ what }) => `the ${isRoot ? "root" : "intermediate"} ${nameOf(certificate)} ${what}`,
    );
  const problems = [
    problem,
    ...path.map((certificate, index) => validityProblem(roleOf(index), certificate, now)),
    validityProblem("root", root, now),
    leaf.ca ? "the leaf is a CA" : undefined,
    intermediates.length === 0 && !problem
      ? "the leaf is signed by the root itself, without an intermediate"
      : undefined,
    ...intermediates.map((certificate) =>
      certificate.ca ? undefined : `the intermediate ${nameOf(certificate)} is not a CA`,
    ),
    root.ca ? undefined : "the root is not a CA",
    ...intermediates.flatMap((certificate, below) => faultsOf(certificate, false, below)),
    ...faultsOf(root, true, intermediates.length),
    identityProblem(leaf, expected),
    certificatesIn(trusted).some((certificate) => certificate.fingerprint256 === root.fingerprint256)
      ? undefined
      : `the proxy does not trust the mesh's root ${fingerprint(root)}`,
  ].filter((entry) => entry !== undefined);
  const intermediate = Math.min(...intermediates.map(left));
  return {
    problems,
    daysLeft: { leaf: left(leaf), intermediate: intermediates.length > 0 ? intermediate : 0, root: left(root) },
  };
}

/**
 * The trusted root at the end of a proxy's certificate path. Only the path from the leaf counts, because istiod appends
 * all its roots to each chain.
 *
 * @returns undefined if the leaf does not chain to a trusted root
 */
export function trustedRoot({ chain, trusted }: LiveSecrets): X509Certificate | undefined {
  const [leaf, ...sent] = certificatesIn(chain);
  return leaf && certificatesIn(trusted).find((root) => pathToRoot(leaf, sent, root).problem === undefined);
}

/** SHA-256 fingerprints of the certificates in a PEM text, without duplicates. */
export const fingerprintsIn = (pem: string): readonly string[] => [
  ...new Set(certificatesIn(pem).map(({ fingerprint256 }) => fingerprint256)),
];

/** All certificates in a PEM text, in order. */
export function certificatesIn(pem: string): readonly X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []).map(
    (block) => new X509Certificate(block),
  );
}

interface Path {
  /** From the leaf up to the root, without the root. */
  readonly path: readonly X509Certificate[];
  readonly problem?: string;
}

function pathToRoot(leaf: X509Certificate, sent: readonly X509Certificate[], root: X509Certificate): Path {
  const path = [leaf];
  for (let current = leaf; ; ) {
    const role = roleOf(path.length - 1);
    if (current.checkIssued(root)) {
      if (current.verify(root.publicKey)) return { path };
      return {
        path,
        problem: `the signature on the ${role} is not from the key of the mesh's root ${fingerprint(root)}`,
      };
    }
    const issuer = sent.find((candidate) => !path.includes(candidate) && current.checkIssued(candidate));
    if (!issuer)
      return {
        path,
        problem: `the issuer of the ${role}, ${oneLine(current.issuer)}, is neither in the chain nor the mesh's root`,
      };
    if (!current.verify(issuer.publicKey))
      return { path, problem: `the signature on the ${role} is not from the key of ${nameOf(issuer)}` };
    if (issuer.checkIssued(issuer)) {
      return {
        path,
        problem: `the chain ends at another root, ${fingerprint(issuer)}; the mesh's is ${fingerprint(root)}`,
      };
    }
    path.push(issuer);
    current = issuer;
  }
}

function roleOf(index: number): string {
  return index === 0 ? "leaf" : "intermediate";
}

function validityProblem(role: string, { validFrom, validTo }: X509Certificate, now: number): string | undefined {
  if (now < Date.parse(validFrom)) return `the ${role} is not valid before ${validFrom}`;
  if (now > Date.parse(validTo)) return `the ${role} expired at ${validTo}`;
  return undefined;
}

function identityProblem(leaf: X509Certificate, { namespace, serviceAccount }: ChainExpectation): string | undefined {
  const path = `/ns/${namespace}/sa/${serviceAccount}`;
  const names = leaf.subjectAltName ?? "";
  return new RegExp(`(^|, )URI:spiffe://[^/,]+${path}(,|$)`).test(names)
    ? undefined
    : `the leaf is not for spiffe://<trust domain>${path}, but for ${names || "nobody"}`;
}

function nameOf(certificate: X509Certificate): string {
  return oneLine(certificate.subject);
}

function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ") || "without a name";
}
