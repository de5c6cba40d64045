import { readFile } from "node:fs/promises";
import { verifySha256 } from "./digest.ts";
import { type Access, download } from "./download.ts";

export interface SourceOptions {
  /** Login and CA for a URL. */
  readonly access?: Access | undefined;
  /** Of what must be there, in hexadecimal digits. @default it is not compared */
  readonly sha256?: string | undefined;
}

/**
 * What an https:// URL or a file holds.
 *
 * @param why what to do where it cannot be downloaded
 * @throws Error that names the source
 */
export async function bytesOf(source: string, { access = {}, sha256 }: SourceOptions, why: string): Promise<Buffer> {
  const bytes = source.startsWith("https://") ? await download(source, access, why) : await readFile(source);
  if (sha256 !== undefined) verifySha256(bytes, sha256, source);
  return bytes;
}
