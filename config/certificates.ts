import { createPrivateKey, X509Certificate } from "node:crypto";
import { pathLength } from "../mesh/caIdentity.ts";
import { type Fault, maySign, useFaults, weakHash } from "../mesh/caUse.ts";
import { isSignedBy, linkFault } from "../mesh/issuers.ts";
import type { CASettings } from "./caSchema.ts";
import { problem } from "./problems.ts";

const DAY = 86_400_000;
/** Remaining days below which a certificate causes a warning, so that there is time to get another one. */
const SOON = 90;

/** Errors and warnings, one line each. They quote nothing of the PEM. */
export interface Findings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Checks external certificates and keys as istiod and proxies do: format, CA flag, path length, issuers and signatures,
 * use for the mesh's servers and clients, validity, and that each key belongs to its certificate.
 *
 * @param clusters names of the mesh's clusters
 * @param now ms since the epoch
 */
export function inspectCA(
  ca: CASettings,
  { clusters, trustDomain, now }: { clusters: readonly string[]; trustDomain: string | undefined; now: number },
): Findings {
  const report = { problems: [] as string[], warnings: [] as string[] };
  const examine = new Examination(report, trustDomain, now);
  if (ca.source === "root") examine.ownRoot(ca);
  if (ca.source === "intermediates") examine.intermediates(ca, clusters);
  return report;
}

type SettingsOf<Source> = Extract<CASettings, { source: Source }>;
type Path = readonly PropertyKey[];

class Examination {
  readonly #report: { problems: string[]; warnings: string[] };
  readonly #trustDomain: string | undefined;
  readonly #now: number;

  constructor(report: { problems: string[]; warnings: string[] }, trustDomain: string | undefined, now: number) {
    this.#report = report;
    this.#trustDomain = trustDomain;
    this.#now = now;
  }

  ownRoot({ certificate, key, intermediatePathLength }: SettingsOf<"root">): void {
    const root = this.#root(["ca", "certificate"], certificate, 1 + intermediatePathLength);
    if (root) this.#key(["ca", "key"], key, root, "ca.certificate");
  }

  intermediates({ root: pem, intermediates }: SettingsOf<"intermediates">, clusters: readonly string[]): void {
    const issued = Object.entries(intermediates).filter(([cluster]) => clusters.includes(cluster));
    for (const cluster of clusters) {
      if (issued.every(([name]) => name !== cluster))
        this.#problem(["ca", "intermediates", cluster], "is missing; set the cluster's certificate and key");
    }
    for (const cluster of Object.keys(intermediates)) {
      if (!clusters.includes(cluster))
        this.#problem(
          ["ca", "intermediates", cluster],
          `is not a cluster of the mesh, which has ${clusters.join(", ")}`,
        );
    }
    const root = this.#root(["ca", "root"], pem, 1);
    for (const [cluster, { certificate, key, chain }] of issued) {
      const path = ["ca", "intermediates", cluster];
      const [own, above] = [this.#certificates([...path, "certificate"], certificate, 1), this.#chain(path, chain)];
      const first = own?.[0];
      if (!first || !above) continue;
      this.#key([...path, "key"], key, first, "its certificate");
      // The chain may include the root, which is checked separately.
      const line = [first, ...above.filter(({ raw }) => !root?.raw.equals(raw))];
      line.forEach((link, index) => {
        const field = index === 0 ? [...path, "certificate"] : [...path, "chain"];
        this.#authority(field, link, index, false);
        const issuer = line[index + 1] ?? root;
        if (!issuer) return;
        if (isSignedBy(link, issuer)) this.#faults(field, link, linkFault(link, issuer));
        else
          this.#problem(
            field,
            `${nameOf(link)} is not signed by ${nameOf(issuer)}, ` +
              `${issuer === root ? "which is ca.root" : "the next in the chain"}; ` +
              `put the certificates between it and the root into ${[...path, "chain"].join(".")}, the lowest first`,
          );
      });
      if (root) this.#levels(["ca", "root"], root, line.length);
    }
  }

  #root(path: Path, pem: string, levels: number): X509Certificate | undefined {
    const root = this.#certificates(path, pem, 1)?.[0];
    if (!root) return undefined;
    if (isSignedBy(root, root)) this.#faults(path, root, linkFault(root, root));
    else
      this.#problem(
        path,
        `${nameOf(root)} is not self-signed, but signed by ${oneLine(root.issuer)}; set the root itself, ` +
          'and your own intermediates by ca.source "intermediates"',
      );
    this.#authority(path, root, levels, true);
    const weak = weakHash(root);
    if (weak)
      this.#report.warnings.push(
        problem(
          path,
          `${nameOf(root)} signed itself with ${weak}, which is safe for a root, but other tools may refuse it`,
        ),
      );
    return root;
  }

  #chain(path: Path, pem: string): X509Certificate[] | undefined {
    return pem.trim() === "" ? [] : this.#certificates([...path, "chain"], pem);
  }

  #certificates(path: Path, pem: string, count?: number): X509Certificate[] | undefined {
    const other = blockTypes(pem).find((type) => type !== "CERTIFICATE");
    if (other !== undefined)
      return this.#problem(path, `holds a block ${other} as well; remove it, because this value becomes public`);
    const blocks = pem.match(/^-----BEGIN CERTIFICATE-----.*?^-----END CERTIFICATE-----/gms) ?? [];
    try {
      const certificates = blocks.map((block) => new X509Certificate(block));
      if (certificates.length > 0 && (count === undefined || certificates.length === count)) return certificates;
    } catch {
      // Omit the library's message: it quotes bytes of the text.
      return this.#problem(path, "is not valid PEM; give the whole file, with its line breaks");
    }
    const wanted = count === 1 ? "exactly one certificate" : "one or more certificates";
    return this.#problem(path, `must hold ${wanted} in PEM, has ${blocks.length}`);
  }

  #key(path: Path, pem: string, certificate: X509Certificate, owner: string): void {
    try {
      const key = createPrivateKey(pem);
      const [type = ""] = blockTypes(pem);
      if (!certificate.checkPrivateKey(key))
        this.#problem(
          path,
          `is not the key of ${owner}, ${nameOf(certificate)}; give the key that belongs to this certificate`,
        );
      else if (!KEY_BLOCKS.includes(type))
        this.#problem(path, `begins with a block ${type}, and istiod reads only the first block; remove it`);
    } catch {
      this.#problem(path, "is not a private key in PEM without a passphrase; decrypt it by: openssl pkey -in FILE");
    }
  }

  /** Requirements for every CA certificate, for a given number of CA levels below it. */
  #authority(path: Path, certificate: X509Certificate, levels: number, isRoot: boolean): void {
    const [from, end] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
    const name = nameOf(certificate);
    if (!certificate.ca && maySign(certificate))
      this.#problem(path, `${name} is not a CA; reissue it with the basic constraint CA:TRUE`);
    else this.#levels(path, certificate, levels);
    this.#faults(
      path,
      certificate,
      ...useFaults(certificate, { isRoot, below: levels, trustDomain: this.#trustDomain }),
    );
    if (this.#now < from) this.#problem(path, `${name} is not valid before ${day(from)}; check this machine's clock`);
    if (this.#now > end) this.#problem(path, `${name} expired on ${day(end)}; issue a new one`);
    else if (end - this.#now < SOON * DAY) {
      const left = Math.floor((end - this.#now) / DAY);
      this.#report.warnings.push(problem(path, `${name} expires on ${day(end)}, in ${left} days; issue a new one`));
    }
  }

  #levels(path: Path, certificate: X509Certificate, levels: number): void {
    const limit = pathLength(certificate);
    if (limit !== undefined && limit < levels)
      this.#problem(
        path,
        `${nameOf(certificate)} allows ${limit} levels of CAs below it, and ${levels} are needed; ` +
          `reissue it with a path length of ${levels} or more`,
      );
  }

  #faults(path: Path, certificate: X509Certificate, ...faults: readonly (Fault | undefined)[]): void {
    for (const fault of faults) if (fault) this.#problem(path, `${nameOf(certificate)} ${fault.what}; ${fault.remedy}`);
  }

  #problem(path: Path, message: string): undefined {
    const line = problem(path, message);
    if (!this.#report.problems.includes(line)) this.#report.problems.push(line);
  }
}

/** PEM types of private keys that istiod reads. */
const KEY_BLOCKS = ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"];

function blockTypes(pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, type = ""]) => type);
}

function nameOf(certificate: X509Certificate): string {
  return oneLine(certificate.subject);
}

function oneLine(name: string | undefined): string {
  return JSON.stringify((name ?? "").split("\n").join(", "));
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
