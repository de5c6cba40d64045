// One tool, from the first source that has it: PATH, the cache, the official release, a build.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Builder, follow } from "./build.ts";
import { cached } from "./cache.ts";
import { findOnPath, type OnPath } from "./onPath.ts";
import { type Recipe, recipeHash } from "./recipe.ts";
import type { Release, Releases } from "./releases.ts";

export interface Tool<File extends string = string> {
  readonly name: string;
  readonly version: string;
  /** Names of its files or folders. */
  readonly files: readonly File[];
  readonly onPath?: OnPath;
  /** Releases that together contain all files. */
  readonly releases?: readonly Release[];
  /** Recipes that together build all files; empty for a tool that exists only as a release. */
  readonly recipes: readonly Recipe[];
}

export interface Sources extends Builder {
  readonly cache: string;
  /** The PATH on which commands are searched. */
  readonly path: string;
  readonly releases: Releases;
}

class Unavailable extends Error {}

const entryOf = (tool: Tool) => `${tool.name}-${tool.version}-${recipeHash(tool.recipes)}`;

export function isCached(tool: Tool, cache: string): boolean {
  return existsSync(join(cache, entryOf(tool)));
}

/**
 * Suffix of marker files for releases that could not be downloaded. Because of them, later runs need no network when
 * everything else is cached. Delete them to try again.
 */
export const UNAVAILABLE = ".not-to-be-had";

/** The absolute path of each of the tool's files; undefined if no source provides them. */
export async function tryObtain<File extends string>(
  tool: Tool<File>,
  sources: Sources,
): Promise<Readonly<Record<File, string>> | undefined> {
  if (tool.onPath !== undefined) {
    const found = await findOnPath(tool.files, tool.version, tool.onPath, sources.path);
    if (found !== undefined) return found as Record<File, string>;
  }
  const unavailableMark = join(sources.cache, `${entryOf(tool)}${UNAVAILABLE}`);
  if (existsSync(unavailableMark)) return undefined;
  try {
    const dir = await cached(sources.cache, entryOf(tool), async (work) => {
      if (await fromReleases(tool, work, sources.releases)) return;
      if (tool.recipes.length === 0) throw new Unavailable(tool.name);
      const log = join(sources.cache, "logs", `${entryOf(tool)}.log`);
      for (const recipe of tool.recipes) await follow(recipe, work, log, sources);
    });
    return Object.fromEntries(tool.files.map((file) => [file, join(dir, file)])) as Record<File, string>;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    await writeFile(unavailableMark, "");
    return undefined;
  }
}

/** Like `tryObtain`, for a tool that can always be built. */
export async function obtain<File extends string>(
  tool: Tool<File>,
  sources: Sources,
): Promise<Readonly<Record<File, string>>> {
  const found = await tryObtain(tool, sources);
  if (found === undefined) throw new Error(`${tool.name} ${tool.version}: not found in any source`);
  return found;
}

async function fromReleases(tool: Tool, dir: string, releases: Releases): Promise<boolean> {
  if (tool.releases === undefined) return false;
  for (const release of tool.releases) {
    if (!(await releases.get(release, dir))) return false;
  }
  return true;
}
