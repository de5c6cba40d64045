// How the provider's process ends: at once where nothing is under way, else when that has tidied up.
import { setTimeout as pause } from "node:timers/promises";

/** Longest time to tidy up after an interruption, in ms. The engine kills what has not ended 10 s after its SIGINT. */
const TIDYING = 9_000;
/** Longest time for answers on their way, in ms. */
const ANSWERING = 500;
/** How often to see whether the engine is still there, in ms. */
const LOOK = 1_000;

/**
 * Ends the process on SIGINT, which the engine sends at the end of each run, on SIGTERM and SIGHUP, and when the engine is gone: one that
 * was killed sends nothing, and what it had begun would go on without it.
 *
 * @param answered resolves when the last answer is sent
 */
export function endWith(
  ending: AbortController,
  underWay: ReadonlySet<Promise<unknown>>,
  answered: () => Promise<unknown>,
): void {
  const engine = process.ppid;
  let isEnding = false;
  async function end(why: string): Promise<void> {
    if (isEnding) return;
    isEnding = true;
    ending.abort(new Error(why));
    if (underWay.size > 0) {
      await Promise.race([Promise.allSettled(underWay), pause(TIDYING)]);
      await Promise.race([answered(), pause(ANSWERING)]);
    }
    process.exit(0);
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void end(`interrupted by ${signal}; run the same command again`));
  }
  setInterval(() => {
    if (process.ppid !== engine) void end("Pulumi was killed; run the same command again");
  }, LOOK).unref();
}
