import { existsSync } from "node:fs";
import { resolve } from "node:path";
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
