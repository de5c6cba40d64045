import { setTimeout as pause } from "node:timers/promises";
import type { Limits } from "../net/retry.ts";

export interface UntilOptions {
  /** How long to repeat, in ms. */
  readonly deadline: number;
  /** Interval between two looks, in ms. @default 250 */
  readonly interval?: number;
  /** Aborts the wait at once, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Repeats a look until `enough` accepts the result or the deadline is over, and returns the last result, which the
 * caller judges. A look that throws is repeated too, since a pod or an API server may be restarting.
 * @param look gets the remaining time, so that its requests do not retry past the deadline
 * @throws the error of the last look if it failed at the deadline, or the signal's reason
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
