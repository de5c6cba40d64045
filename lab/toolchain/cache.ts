// Folders made once and kept: each is made beside its final place and renamed when it is whole.
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** `$XDG_CACHE_HOME/csp-mesh`, by default `~/.cache/csp-mesh`. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "csp-mesh");
}

// The host's name is part of it because a cache may be shared by machines, each with processes of its own.
const partial = (pid: number) => `.partial-${hostname()}-${pid}-`;

/**
 * The folder `entry` of the cache, made by `make` unless it is there. A run that is killed leaves nothing under that
 * name, and of two runs at once the first to end wins; both get the same folder.
 */
export async function cached(root: string, entry: string, make: (dir: string) => Promise<void>): Promise<string> {
  const final = join(root, entry);
  if (existsSync(final)) return final;
  await mkdir(root, { recursive: true });
  await removeAbandoned(root);
  const work = await mkdtemp(join(root, partial(process.pid)));
  try {
    await make(work);
    // Else a power cut could leave the name on the disk without the contents.
    await execa("sync", ["-f", work]);
    await rename(work, final).catch((error: unknown) => {
      if (!existsSync(final)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return final;
}

/** Removes what runs that ended half way left behind. */
async function removeAbandoned(root: string): Promise<void> {
  for (const name of readdirSync(root)) {
    const pid = Number(name.match(/-(\d+)-[^-]*$/)?.[1]);
    if (name.startsWith(partial(pid)) && !existsSync(`/proc/${pid}`)) {
      await rm(join(root, name), { recursive: true, force: true });
    }
  }
}
