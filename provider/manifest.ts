// Reads released manifests.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { Named } from "../kube/objects.ts";
import { bytesOf, type SourceOptions } from "../net/source.ts";

/**
 * Reads all objects of a manifest.
 *
 * @param source an https:// URL, or the path of a file or of a folder with .yaml files
 * @param key config key that holds the source
 * @param options login and CA for the URL, and the digest of a single file
 * @throws Error that names the source and what is wrong with it
 */
export async function readManifest(source: string, key: string, options: SourceOptions = {}): Promise<Named[]> {
  const files = source.startsWith("https://") ? [source] : await filesOf(source);
  const read = async (file: string) => objectsIn(await textOf(file, key, options), file);
  return (await Promise.all(files.map(read))).flat().filter((object) => object !== null);
}

async function textOf(file: string, key: string, options: SourceOptions): Promise<string> {
  const why = `set ${key}.source to a URL or path that this machine can read, or to none; ${key}.access has its login and CA`;
  return (await bytesOf(file, options, why)).toString();
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name));
  return names.map((name) => join(path, name));
}

function objectsIn(text: string, file: string): (Named | null)[] {
  try {
    return loadAll(text) as (Named | null)[];
  } catch (error) {
    throw new Error(`${file} is not a YAML manifest: ${(error as Error).message.split("\n")[0]}`);
  }
}
