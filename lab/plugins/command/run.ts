import { type ChildProcess, spawn } from "node:child_process";
import { collect, failure, type Streams } from "./streams.ts";

export interface RunOptions {
  /** Program and arguments before the command. */
  readonly interpreter: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: string;
  onLine(stream: keyof Streams, line: string): void;
}

const running = new Set<ChildProcess>();

/** Kills every running command with all that it started. */
export function endAll(): void {
  for (const { pid } of running)
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // Its last process ended just now.
    }
}

/**
 * Runs `command` to its end, and to the end of its output.
 * @throws with its exit status and all that it said
 */
export function run(command: string, options: RunOptions): Promise<Streams> {
  return new Promise((resolve, reject) => {
    const [program = "", ...args] = [...options.interpreter, command];
    // A process group of its own, so that it can be ended with all that it started.
    const child = spawn(program, args, { cwd: options.cwd, env: options.env, detached: true });
    running.add(child);
    const said = collect(child, options.onLine);
    child.on("error", (error) => {
      running.delete(child);
      reject(failure(error.message, command, said.both()));
    });
    // "close", not "exit": the output is complete only then.
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) resolve(said.streams());
      else reject(failure(signal === null ? `exit status ${code}` : `signal: ${signal}`, command, said.both()));
    });
    // A command need not read its standard input.
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin);
  });
}
