// Folders that are created once and kept. Each is created under a temporary name and renamed when it is complete.
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** `$XDG_CACHE_HOME/csp-mesh`, by default `~/.cache/csp-mesh`. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "csp-mesh");
}

// Include the host's name, because machines may share a cache, and process ids are unique only per machine.
const partial = (pid: number) => `.partial-${hostname()}-${pid}-`;

/**
 * The folder `entry` of the cache, created by `make` if it does not exist. A killed run leaves nothing under that name.
 * If two runs create it at once, both get the folder of the first to finish.
 */
export async function cached(root: string, entry: string, make: (dir: string) => Promise<void>): Promise<string> {
  const final = join(root, entry);
  if (existsSync(final)) return final;
  await mkdir(root, { recursive: true });
  await removeAbandoned(root);
  const work = await mkdtemp(join(root, partial(process.pid)));
  try {
    await make(work);
    // Without this, after a power failure the name could exist without the contents.
    await execa("sync", ["-f", work]);
    await rename(work, final).catch((error: unknown) => {
      if (!existsSync(final)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return final;
}

/** Removes remains of interrupted runs. */
async function removeAbandoned(root: string): Promise<void> {
  for (const name of readdirSync(root)) {
    const pid = Number(name.match(/-(\d+)-[^-]*$/)?.[1]);
    if (name.startsWith(partial(pid)) && !existsSync(`/proc/${pid}`)) {
      await rm(join(root, name), { recursive: true, force: true });
    }
  }
}
