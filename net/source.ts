import { readFile } from "node:fs/promises";
import { verifySha256 } from "./digest.ts";
import { type Access, download } from "./download.ts";

export interface SourceOptions {
  /** Login and CA for a URL. */
  readonly access?: Access | undefined;
  /** Expected SHA-256 digest in hexadecimal. @default the digest is not checked */
  readonly sha256?: string | undefined;
}

/**
 * Content of an https:// URL or a file.
 *
 * @param why remedy for the message when the download fails
 * @throws Error that names the source
 */
export async function bytesOf(source: string, { access = {}, sha256 }: SourceOptions, why: string): Promise<Buffer> {
  const bytes = source.startsWith("https://") ? await download(source, access, why) : await readFile(source);
  if (sha256 !== undefined) verifySha256(bytes, sha256, source);
  return bytes;
}
