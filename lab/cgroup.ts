// Control groups: kubelet puts pods into them, and the lab finds all its processes by them, even orphaned ones.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { waitFor } from "./wait.ts";

const MOUNT = "/sys/fs/cgroup";
/** The controllers that kubelet requires. */
const NEEDED = ["cpu", "cpuset", "memory", "pids"];

/**
 * Share of the processors under load, ten times the default. A real cluster's pods have processors of their own; here,
 * with a default share, all of them together would get no more than one of the many other processes. With cgroup v2, the
 * lab's other processes have the share as well.
 */
const SHARE = { "cpu.shares": "10240", "cpu.weight": "1000" };

/** One folder per hierarchy: a single one with cgroup v2, one for each controller with v1. */
function hierarchies(): { roots: string[]; v2: boolean } {
  if (existsSync(join(MOUNT, "cgroup.controllers"))) return { roots: [MOUNT], v2: true };
  const roots = readdirSync(MOUNT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(MOUNT, entry.name));
  return { roots, v2: false };
}

/** The hierarchy that determines which processes belong to the lab. */
function tracking(): string {
  const { roots, v2 } = hierarchies();
  const root = v2 ? MOUNT : roots.find((path) => path.endsWith("/pids"));
  if (root === undefined)
    throw new Error(`${MOUNT}: no pids controller is mounted, so the lab cannot find its processes`);
  return root;
}

/**
 * Creates the groups from the outermost to the innermost, sets their processors and memory nodes, and gives the
 * outermost its share.
 */
export async function createCgroup(cgroup: string): Promise<void> {
  const { roots, v2 } = hierarchies();
  const parts = cgroup.split("/").filter((part) => part !== "");
  for (const root of roots) {
    let path = root;
    for (const part of parts) {
      if (v2) await writeFile(join(path, "cgroup.subtree_control"), NEEDED.map((name) => `+${name}`).join(" "));
      const parent = path;
      path = join(path, part);
      await mkdir(path, { recursive: true });
      if (existsSync(join(path, "cpuset.cpus")) && !v2) {
        for (const file of ["cpuset.cpus", "cpuset.mems"]) {
          await writeFile(join(path, file), await readFile(join(parent, file), "utf8"));
        }
      }
    }
    for (const [file, value] of Object.entries(SHARE)) {
      const share = join(root, parts[0] ?? "", file);
      if (existsSync(share)) await writeFile(share, value);
    }
  }
}

/** A process joins the lab's group by writing its id into this file. */
export function membershipFile(cgroup: string): string {
  return join(tracking(), cgroup, "cgroup.procs");
}

function* groupsBelow(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* groupsBelow(join(path, entry.name));
  }
  yield path;
}

/** Ids of all processes in the group and below. */
export function processesIn(cgroup: string): number[] {
  const { roots } = hierarchies();
  const pids = new Set<number>();
  for (const root of roots) {
    const path = join(root, cgroup);
    if (!existsSync(path)) continue;
    for (const group of groupsBelow(path)) {
      try {
        for (const line of readFileSync(join(group, "cgroup.procs"), "utf8").split("\n")) {
          if (line !== "" && line !== "0") pids.add(Number(line));
        }
      } catch {
        // The group was removed after it was listed.
      }
    }
  }
  return [...pids];
}

/** Kills every process of the group, including those forked meanwhile, and removes the group. */
export async function removeCgroup(cgroup: string): Promise<void> {
  await waitFor(`all processes ended in ${cgroup}`, 30_000, async () => {
    const left = processesIn(cgroup);
    for (const pid of left) kill(pid);
    return left.length === 0 ? true : `processes ${left.join(", ")}`;
  });
  for (const root of hierarchies().roots) {
    const path = join(root, cgroup);
    if (!existsSync(path)) continue;
    // The kernel releases a group a moment after its last process ended.
    await waitFor(`${path} removed`, 30_000, async () => {
      try {
        for (const group of groupsBelow(path)) await rmdir(group);
        return true;
      } catch (error) {
        return String(error);
      }
    });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The process has already ended.
  }
}
