// Sudden ends: of a process with all that it started, which pulumi's plugins and hooks outlive otherwise.
import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills a process and its descendants, whatever groups they made themselves leaders of.
 *
 * @returns how many there were; none where it had ended by itself
 */
export function killTree(root: number): number {
  const stopped = new Set<number>();
  // Stopped before they are killed: what is stopped starts nothing more, and orphans would be nobody's descendants.
  for (;;) {
    const running = [root, ...descendants(root)].filter((pid) => !stopped.has(pid) && signal(pid, "SIGSTOP"));
    if (running.length === 0) break;
    for (const pid of running) stopped.add(pid);
  }
  for (const pid of stopped) signal(pid, "SIGKILL");
  return stopped.size;
}

/** @returns false where there is no such process any more */
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
    // After the command's name, which is in parentheses and may hold anything: the state, then the parent.
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return undefined;
  }
}
