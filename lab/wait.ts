// Waiting for conditions, never for time.
import { setTimeout as pause } from "node:timers/promises";

/**
 * Asks until `condition` gives true; anything else that it returns or throws is its last state, which the error
 * tells when `milliseconds` have passed.
 */
export async function waitFor(
  what: string,
  milliseconds: number,
  condition: () => Promise<true | string>,
  interval = 100,
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
      throw new Error(`${what}: not within ${Math.round(milliseconds / 1000)} s; last seen: ${state}`);
    }
    await pause(interval);
  }
}
