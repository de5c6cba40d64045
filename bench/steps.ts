// Runs commands one after the other and records their durations.
import type { Step } from "./result.ts";

export type Run = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** `run` runs a step; `take` returns the steps since the last call. */
export function stepRecorder(): { readonly run: Run; readonly take: () => Step[] } {
  const steps: Step[] = [];
  return {
    async run(name, work) {
      const from = performance.now();
      const result = await work();
      steps.push({ name, seconds: (performance.now() - from) / 1_000 });
      return result;
    },
    take: () => steps.splice(0),
  };
}
