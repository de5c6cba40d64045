import { type ChildProcess, spawn } from "node:child_process";

/** What a command said, each without its last line break. */
export interface Streams {
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Program and arguments before the command. */
  readonly interpreter: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: string;
  onLine(stream: "stdout" | "stderr", line: string): void;
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
    const said = { stdout: [] as Buffer[], stderr: [] as Buffer[], both: [] as Buffer[] };
    const text = (stream: keyof typeof said): string => Buffer.concat(said[stream]).toString();
    const fail = (why: string): void =>
      reject(new Error(`${why}: running ${JSON.stringify(command)}:\n${text("both")}`));

    for (const stream of ["stdout", "stderr"] as const) {
      const lines = byLine((line) => options.onLine(stream, line));
      child[stream].on("data", (chunk: Buffer) => {
        said[stream].push(chunk);
        said.both.push(chunk);
        lines(chunk);
      });
    }
    child.on("error", (error) => {
      running.delete(child);
      fail(error.message);
    });
    // "close", not "exit": the output is complete only then.
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) resolve({ stdout: text("stdout").replace(/\n$/, ""), stderr: text("stderr").replace(/\n$/, "") });
      else fail(signal === null ? `exit status ${code}` : `signal: ${signal}`);
    });
    // A command need not read its standard input.
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin);
  });
}

/** Splits chunks into lines; an unfinished last line is left out. */
function byLine(use: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new TextDecoder();
  let rest = "";
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(use);
  };
}
