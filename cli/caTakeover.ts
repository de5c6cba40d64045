// Converts the CA of an existing mesh to config: intermediates by cluster, from the clusters' Secrets. Pure.

import { caSchema } from "../config/caSchema.ts";
import { inspectCA } from "../config/certificates.ts";
import { at } from "../config/edits.ts";
import type { Leaf } from "./configEdits.ts";

/** The CA of one istiod, by cluster. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
  /** Certificates between it and the root; empty if there are none. */
  readonly chain: string;
  readonly root: string;
}

/** Names of the Secret's entries. */
const [CERTIFICATE, KEY, CHAIN, ROOT] = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"] as const;

/**
 * The config from which the program would create exactly this Secret; see components/meshCA.ts.
 *
 * @param data entries in base64
 * @throws Error that names an entry that the program did not write
 */
export function authorityOf(data: Readonly<Record<string, string>>): Authority {
  const entry = (name: string) => Buffer.from(data[name] ?? "", "base64").toString("utf8");
  const [certificate, key, fullChain, root] = [entry(CERTIFICATE), entry(KEY), entry(CHAIN), entry(ROOT)];
  for (const [name, text] of Object.entries({ [CERTIFICATE]: certificate, [KEY]: key, [ROOT]: root })) {
    if (text.trim() === "") throw new Error(name);
  }
  const chain = fullChain.slice(certificate.length, fullChain.length - root.length);
  for (const [name, text] of [
    [CERTIFICATE, certificate],
    [ROOT, root],
    [CHAIN, chain],
  ] as const) {
    if (text !== asBlock(text)) throw new Error(name);
  }
  if (fullChain !== certificate + chain + root) throw new Error(CHAIN);
  return { certificate, key, chain, root };
}

const asBlock = (pem: string) => (pem.trim() === "" ? "" : `${pem.trimEnd()}\n`);

/** `csp-mesh:ca` with source "intermediates", as single values. The source comes last, because it needs the others. */
export function caLeaves(authorities: ReadonlyMap<string, Authority>): Leaf[] {
  const [first] = authorities.values();
  return [
    ...[...authorities].flatMap(([name, { certificate, key, chain }]) => {
      const path = ["ca", "intermediates", name];
      return [
        { path: [...path, "certificate"], value: certificate, secret: false },
        { path: [...path, "key"], value: key, secret: true },
        ...(chain === "" ? [] : [{ path: [...path, "chain"], value: chain, secret: false }]),
      ];
    }),
    { path: ["ca", "root"], value: first?.root ?? "", secret: false },
    { path: ["ca", "source"], value: "intermediates", secret: false },
  ];
}

/** Errors of the config's own check for these CAs: one line each, quoting nothing of the PEM. */
export function unusable(authorities: ReadonlyMap<string, Authority>, trustDomain: string): readonly string[] {
  const [first] = authorities.values();
  const intermediates = Object.fromEntries(
    [...authorities].map(([name, { certificate, key, chain }]) => [name, { certificate, key, chain }]),
  );
  const ca = caSchema.parse({ source: "intermediates", root: first?.root, intermediates });
  return inspectCA(ca, { clusters: [...authorities.keys()], trustDomain, now: Date.now() }).problems;
}

/**
 * Paths of private keys in a config that no cluster has. They would be lost if the CA is replaced.
 *
 * @param kept clusters whose entries stay
 */
export function lostKeys(
  ca: unknown,
  authorities: ReadonlyMap<string, Authority>,
  kept: ReadonlySet<string>,
): string[] {
  const isLost = (path: string[], live?: string) => {
    const key = at({ ca }, path);
    return typeof key === "string" && key.trim() !== "" && key.trim() !== live?.trim();
  };
  const issued = Object.keys((at(ca, ["intermediates"]) as object | undefined) ?? {});
  return [
    ...(isLost(["ca", "key"]) ? ["ca.key"] : []),
    ...issued
      .filter((name) => !kept.has(name) && isLost(["ca", "intermediates", name, "key"], authorities.get(name)?.key))
      .map((name) => `ca.intermediates.${name}.key`),
  ];
}
