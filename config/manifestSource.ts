import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { verifySha256 } from "../net/digest.ts";
import { quote } from "./problems.ts";

/**
 * The source of a manifest: an https:// URL, a path as written, or undefined for `none`.
 *
 * @param root folder to which relative paths refer
 * @throws Error that names a path that does not exist
 */
export function manifestSource(source: string, root: string): string | undefined {
  if (source === "none") return undefined;
  if (source.startsWith("https://") || existsSync(resolve(root, source))) return source;
  throw new Error(
    `${quote(source)} does not exist; give an https:// URL, the path of a release's manifest or a folder, or none`,
  );
}

/**
 * Compares a local file with its digest. A URL's content is compared when it is downloaded.
 *
 * @throws Error if the digest differs, or if the source is a folder and has none
 */
export function verifyLocalManifest(source: string, sha256: string, root: string): void {
  if (source.startsWith("https://")) return;
  const path = resolve(root, source);
  if (source === "none" || !existsSync(path))
    throw new Error(`is only for a source that is read, and source is ${quote(source)}`);
  if (statSync(path).isDirectory()) throw new Error(`is only for a single file, and ${quote(source)} is a folder`);
  verifySha256(readFileSync(path), sha256, source);
}
