// Manifests as projects release them.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { type Access, download } from "../net/download.ts";
import type { Named } from "./objects.ts";

/**
 * Reads all objects of a manifest.
 *
 * @param source an https:// URL, or the absolute path of a file or of a folder of .yaml files
 * @param key of the config whose `source` it is
 * @param access login and CA for the URL
 * @throws Error that names the source and what is wrong with it
 */
export async function readManifest(source: string, key: string, access: Access = {}): Promise<Named[]> {
  const texts = await (source.startsWith("https://") ? downloaded(source, key, access) : readFiles(source));
  return texts
    .flatMap((text) => parseAllDocuments(text))
    .map((document): Named | null => document.toJS())
    .filter((object) => object !== null);
}

async function downloaded(url: string, key: string, access: Access): Promise<string[]> {
  const why = `set ${key}.source to a URL or a path that can be read here, or to none; ${key}.access has its login and CA`;
  return [(await download(url, access, why)).toString()];
}

async function readFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [await readFile(path, "utf8")];
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name));
  return await Promise.all(names.map((name) => readFile(join(path, name), "utf8")));
}
