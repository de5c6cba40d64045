// Sudden ends: of a process with all that it started, which pulumi's plugins and hooks outlive otherwise.
import { readdirSync, readFileSync } from "node:fs";

/** Kills a process and its descendants, whatever groups they made themselves leaders of. */
export function killTree(root: number): void {
  // Listed before the first of them ends, because orphans are nobody's descendants.
  const pids = [root, ...descendants(root)];
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Ended by itself.
    }
  }
}

function descendants(root: number): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [Number(pid), parentOf(pid)] as const),
  );
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (parents.get(pid) === root || (pid > 1 && isBelow(parents.get(pid))));
  return [...parents.keys()].filter(isBelow);
}

function parentOf(pid: string): number | undefined {
  try {
    // After the command's name, which is in parentheses and may hold anything: the state, then the parent.
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return undefined;
  }
}
