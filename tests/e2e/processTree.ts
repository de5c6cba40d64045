// Kills a process with all its descendants, because pulumi's plugins and hooks would outlive it.
import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills a process and its descendants, even in other process groups.
 *
 * @returns their number; 0 if the process had already ended
 */
export function killTree(root: number): number {
  const stopped = new Set<number>();
  // Stop the processes before killing them: a stopped process starts no further ones, and orphans would no longer be
  // descendants.
  for (;;) {
    const running = [root, ...descendants(root)].filter((pid) => !stopped.has(pid) && signal(pid, "SIGSTOP"));
    if (running.length === 0) break;
    for (const pid of running) stopped.add(pid);
  }
  for (const pid of stopped) signal(pid, "SIGKILL");
  return stopped.size;
}

/** @returns false if the process no longer exists */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
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
    // The command's name is in parentheses and may contain anything. It is followed by the state and the parent's id.
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return undefined;
  }
}
