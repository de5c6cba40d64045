import { setTimeout as pause } from "node:timers/promises";
import type { Limits } from "./retry.ts";

export interface UntilOptions {
  /** How long to go on looking, in ms. */
  readonly deadline: number;
  /** Time between two looks, in ms. @default 250 */
  readonly interval?: number;
  /** Ends the waiting at once, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks again and again until it has seen enough or the deadline is over, and returns what it saw last, for the caller
 * to judge and to report. A look that throws is repeated, since a pod or an API server may just be restarting.
 * @param look gets what time is left: passed on to its requests, no pause of theirs outlasts the deadline
 * @throws the error of the last look, where that was still failing at the deadline, or the signal's reason.
 */
export async function until<T>(
  look: (left: Limits) => Promise<T>,
  enough: (seen: T) => boolean,
  { deadline, interval = 250, signal }: UntilOptions,
): Promise<T> {
  const end = Date.now() + deadline;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const seen = await look({ within: Math.max(0, end - Date.now()), signal });
      if (enough(seen) || Date.now() >= end) return seen;
    } catch (error) {
      signal?.throwIfAborted();
      if (Date.now() >= end) throw error;
    }
    await pause(interval, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}
