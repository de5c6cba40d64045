// The CA of a mesh of the former script, for the config of the new one. Pure.
import { at, type Edit, keyOf, set } from "../config/edits.ts";
import type { Messages } from "../i18n/messages.ts";
import type { FormerCluster } from "../operations/formerMesh.ts";
import { certificatesIn, fingerprintsIn } from "../proof/certificates.ts";
import { type Authority, caLeaves } from "./caTakeover.ts";
import { editsToward } from "./configEdits.ts";
import type { RawConfig } from "./stackConfig.ts";

/** The root's certificate and key, in PEM. */
export interface RootFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface CaStack extends Pick<RawConfig, "raw" | "written"> {
  /** How the mesh keeps its root, if the config does not have it yet. @returns undefined if no option selects a way */
  readonly ca: () => RootFiles | "intermediates" | undefined;
}

/** Fingerprints of the certificates in a text; empty if it is invalid. They do not depend on line breaks. */
export const fingerprintOf = (pem: string): string => {
  try {
    return fingerprintsIn(pem).join(", ");
  } catch {
    return "";
  }
};

/** Edits after which the config has the root that the sidecars trust. */
export function caEdits(
  former: readonly FormerCluster[],
  { raw, written, ca: chosen }: CaStack,
  { takeover: { problems: texts } }: Messages,
): { readonly edits: readonly Edit[]; readonly problems: readonly string[] } {
  const root = former.find((cluster) => cluster.root)?.root;
  // Once the former mesh is deleted, the clusters no longer contain its root.
  if (root === undefined) return { edits: [], problems: [] };
  const isRoot = (pem: unknown) => typeof pem === "string" && fingerprintOf(pem) === fingerprintOf(root);
  const source = at(raw, ["ca", "source"]);
  const configured = source === "root" ? "certificate" : source === "intermediates" ? "root" : undefined;
  if (configured !== undefined && isRoot(at(raw, ["ca", configured]))) return { edits: [], problems: [] };
  const ca = chosen();
  if (ca === undefined) return { edits: [], problems: [texts.noCa(keyOf(["ca"]))] };
  if (ca !== "intermediates") {
    if (!isRoot(ca.certificate)) return { edits: [], problems: [texts.otherRoot] };
    const edits = [
      set(["ca", "certificate"], ca.certificate.trim()),
      set(["ca", "key"], ca.key.trim(), true),
      // The source comes last, because it requires the others.
      set(["ca", "source"], "root"),
    ];
    return { edits, problems: [] };
  }
  const authorities = new Map<string, Authority>();
  const problems = former.flatMap(({ name, ca: data }) => {
    const authority = data && authorityIn(data);
    if (authority === undefined) return [texts.noAuthority(name)];
    authorities.set(name, authority);
    return [];
  });
  return { edits: problems.length > 0 ? [] : editsToward("ca", caLeaves(authorities), { raw, written }), problems };
}

/**
 * The CA in a Secret `cacerts`, whose chain may also contain the intermediate and the root; undefined if a part is
 * missing.
 */
function authorityIn(data: Readonly<Record<string, string>>): Authority | undefined {
  const entry = (name: string) =>
    Buffer.from(data[name] ?? "", "base64")
      .toString("utf8")
      .trim();
  const [certificate, key, chain, root] = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"].map(entry);
  if (!certificate || !key || !root) return undefined;
  const ends = [certificate, root].map(fingerprintOf);
  const between = certificatesIn(chain ?? "").filter(({ fingerprint256 }) => !ends.includes(fingerprint256));
  return {
    certificate: `${certificate}\n`,
    key: `${key}\n`,
    chain: between.map(String).join(""),
    root: `${root}\n`,
  };
}
