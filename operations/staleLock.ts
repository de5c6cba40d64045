// Locks that a killed run left in a backend without a service, such as a folder or S3.
import { hostname } from "node:os";

/**
 * Processes that hold a stack's lock, from Pulumi's message: `created by root@host (pid 4711) at …`
 * (pkg/backend/diy/lock.go).
 */
export function holders(message: string): readonly { readonly host: string; readonly pid: number }[] {
  return [...message.matchAll(/created by [^\n]*@(\S+) \(pid (\d+)\)/g)].map(([, host = "", pid]) => ({
    host,
    pid: Number(pid),
  }));
}

/**
 * Whether all lock holders were processes of this machine that no longer exist. Processes of other machines cannot be
 * checked.
 */
export function isStale(message: string, host = hostname(), lives = isAlive): boolean {
  const all = holders(message);
  return all.length > 0 && all.every((holder) => holder.host === host && !lives(holder.pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
