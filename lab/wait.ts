// Waits for conditions instead of fixed times.
import { setTimeout as pause } from "node:timers/promises";

/**
 * Repeats `condition` until it returns true. After `milliseconds` it throws an error with the last other result or
 * error.
 */
export async function waitFor(
  what: string,
  milliseconds: number,
  condition: () => Promise<true | string>,
  interval = 500,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  let state = "";
  for (;;) {
    try {
      const result = await condition();
      if (result === true) return;
      state = result;
    } catch (error) {
      state = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${Math.round(milliseconds / 1000)} s; last state: ${state}`);
    }
    await pause(interval);
  }
}
