// What the lab says on the terminal: a line for each step that takes long, with the time since the start.
const started = performance.now();

function stamp(): string {
  return `${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s`;
}

export function say(line: string): void {
  process.stdout.write(`${stamp()}  ${line}\n`);
}

/** Runs a step and says how long it took; a failing step is named in its error. */
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
