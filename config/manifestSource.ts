import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { verifySha256 } from "../net/digest.ts";
import { quote } from "./problems.ts";

/**
 * Where manifests come from: an https:// URL, a path as written, or nowhere for `none`.
 *
 * @param root folder at which a relative path starts
 * @throws Error that names the path that is not there
 */
export function manifestSource(source: string, root: string): string | undefined {
  if (source === "none") return undefined;
  if (source.startsWith("https://") || existsSync(resolve(root, source))) return source;
  throw new Error(
    `${quote(source)} is not there; give an https:// URL, the path of a release's manifest or a folder, or none`,
  );
}

/**
 * Compares a file with its digest; what a URL leads to is compared when it is read.
 *
 * @throws Error where it is another one, or where the source has none
 */
export function verifyLocalManifest(source: string, sha256: string, root: string): void {
  if (source.startsWith("https://")) return;
  const path = resolve(root, source);
  if (source === "none" || !existsSync(path)) throw new Error(`is for what is read, and source is ${quote(source)}`);
  if (statSync(path).isDirectory()) throw new Error(`is for one file, and ${quote(source)} is a folder`);
  verifySha256(readFileSync(path), sha256, source);
}
