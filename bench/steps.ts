// Commands one after the other, and how long each took.
import type { Step } from "./result.ts";

export type Run = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** `run` does one step; `take` gives those since the last time. */
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
