import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { runCommand } from "./commandLine.ts";

const root = join(import.meta.dirname, "..");
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
}
// A pipe that was closed must not end the process while a gateway is at no replicas.
process.stdout.on("error", (error) => interruption.abort(error));
process.stderr.on("error", () => {});

// The Kubernetes client takes half a second to load: meanwhile pulumi reads the stack.
const proof = import("./prove.ts");

process.exitCode = await runCommand(process.argv.slice(2), {
  root,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  stackOutput,
  readFile: (path) => readFile(path, "utf8"),
  prove: async (...args) => (await proof).prove(...args),
  signal: interruption.signal,
});

/** @throws Error with what pulumi said. */
async function stackOutput(output: "mesh" | "kubeconfigs", stack: string | undefined): Promise<string> {
  const args = [
    "stack",
    "output",
    output,
    "--json",
    ...(output === "kubeconfigs" ? ["--show-secrets"] : []),
    "--non-interactive",
    ...(stack === undefined ? [] : ["--stack", stack]),
  ];
  try {
    const { stdout } = await promisify(execFile)("pulumi", args, { cwd: root });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") throw new Error("pulumi is not on PATH; install it, or give the mesh by --mesh FILE");
    throw new Error(`pulumi ${args.join(" ")}: ${stderr?.trim() || code}; has pulumi up run?`);
  }
}
