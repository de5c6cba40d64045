// Restarts processes that end, and ends all of them with the supervisor.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FIRST_DELAY = 500;
const LONGEST_DELAY = 8_000;
/** A process that has run this long was healthy, so its end does not count as a repeated crash, in ms. */
const HEALTHY = 30_000;

export class Supervisor {
  readonly #logs: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #restarts = new Map<string, number>();

  /**
   * @param logs folder for a `NAME.log` of each process and `restarts.json`
   * @param environment additional variables for each process
   */
  constructor(logs: string, environment: NodeJS.ProcessEnv = {}) {
    this.#logs = logs;
    this.#environment = environment;
    mkdirSync(logs, { recursive: true });
  }

  start(name: string, command: string, args: readonly string[]): void {
    this.#restarts.set(name, -1);
    this.#run(name, command, args, FIRST_DELAY);
  }

  #run(name: string, command: string, args: readonly string[], delay: number): void {
    const started = Date.now();
    // Write the count before the process starts, so that nobody sees the process without its count.
    this.#restarts.set(name, (this.#restarts.get(name) ?? -1) + 1);
    writeFileSync(join(this.#logs, "restarts.json"), JSON.stringify(Object.fromEntries(this.#restarts)));
    const log = openSync(join(this.#logs, `${name}.log`), "a");
    // The kernel kills the process when this one ends, however it ends.
    const child: ChildProcess = spawn("setpriv", ["--pdeathsig", "KILL", "--", command, ...args], {
      stdio: ["ignore", log, log],
      env: { ...process.env, ...this.#environment },
    });
    child.on("exit", (code, signal) => {
      const next = Date.now() - started > HEALTHY ? FIRST_DELAY : Math.min(delay * 2, LONGEST_DELAY);
      console.error(`${new Date().toISOString()} ${name} ended (${signal ?? code}); again in ${next} ms`);
      setTimeout(() => this.#run(name, command, args, next), next);
    });
  }
}
