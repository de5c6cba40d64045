// Ends the provider's process: at once if no step is running, otherwise after the running steps have cleaned up.
import { setTimeout as pause } from "node:timers/promises";

/** Longest time for cleaning up after an interruption, in ms. The engine kills the process 10 s after its SIGINT. */
const TIDYING = 9_000;
/** Longest wait for answers that are being sent, in ms. */
const ANSWERING = 500;
/** Interval between checks whether the engine still runs, in ms. */
const LOOK = 1_000;

/**
 * Ends the process on SIGINT, which the engine sends at the end of each run, on SIGTERM and SIGHUP, and when the engine
 * no longer runs. A killed engine sends no signal, and the steps that it started would continue without it.
 *
 * @param answered resolves when the last answer has been sent
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
