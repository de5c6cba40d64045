// Entry point of `mesh COMMAND`, started by mesh.js.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { promisify } from "node:util";
import { terminalOf } from "../i18n/terminal.ts";
import { runCommandLine } from "./commandLine.ts";

const root = join(import.meta.dirname, "..");
// `npm run` changes to the folder of package.json and keeps the shell's folder in INIT_CWD.
const folder = process.cwd() === root ? (process.env.INIT_CWD ?? root) : process.cwd();
// Ignore a closed output pipe, for example of `head`: it must not interrupt the probe's cleanup.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  env: process.env,
  root,
  folder,
  pointsToRemedies: true,
  terminal: terminalOf(process.stdout, process.env),
  ask:
    process.stdin.isTTY && process.stderr.isTTY
      ? async (question) => {
          const terminal = createInterface({ input: process.stdin, output: process.stderr });
          // The end of input, or Ctrl-C, counts as no answer.
          const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
          try {
            return await Promise.race([terminal.question(question), closed]);
          } finally {
            terminal.close();
          }
        }
      : undefined,
  async pulumi(args, input = "") {
    try {
      const running = promisify(execFile)("pulumi", args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
      // Pulumi may end before it has read its input.
      running.child.stdin?.on("error", () => {}).end(input);
      return (await running).stdout;
    } catch (error) {
      const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
      const message = `pulumi ${args.join(" ")}: ${stderr?.trim() || code}`;
      throw Object.assign(new Error(message), { code });
    }
  },
});
