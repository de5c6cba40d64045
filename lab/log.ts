// The lab's terminal output: a line for each long step, with the time since the start.
const started = performance.now();

function stamp(): string {
  return `${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s`;
}

export function say(line: string): void {
  process.stdout.write(`${stamp()}  ${line}\n`);
}

/** Runs a step and prints its duration. If it fails, the error names it. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  try {
    const result = await work();
    say(`${title} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    say(`${title}: failed`);
    throw error;
  }
}
