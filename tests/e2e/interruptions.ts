// Kills at random moments, which the seed repeats.

/**
 * Number of kills in each test that kills a command, and of rounds in `interrupted.test.ts`. Two by default, because ten
 * take a quarter of an hour.
 */
export const INTERRUPTIONS = Number(process.env.CSP_MESH_INTERRUPTIONS ?? 2);
/** Random by default. To repeat a failure, use the printed seed. */
export const SEED = Number(process.env.CSP_MESH_SEED ?? Date.now() % 1_000_000);

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function* random(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
