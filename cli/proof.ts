import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { languageIn } from "../i18n/language.ts";
import { type Command, UsageError } from "./command.ts";
import { pulumiOf } from "./stackConfig.ts";
import { outputArgs } from "./stackOutput.ts";

/** `mesh proof`: tests from every cluster whether the mesh works. */
export const proof: Command = {
  options: {
    stack: { type: "string" },
    mesh: { type: "string" },
    disruption: { type: "boolean" },
    json: { type: "boolean" },
  },
  async run({ stack, mesh, disruption, json }, messages, world) {
    if (stack !== undefined && mesh !== undefined) throw new UsageError(messages.excluded("--stack", "--mesh"));
    const interruption = new AbortController();
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const abort = (signal: string) => interruption.abort(new Error(messages.interrupted(signal)));
    for (const signal of signals) process.on(signal, abort);
    // A closed pipe must not end the process while a gateway has zero replicas.
    const onClosed = (error: Error) => interruption.abort(error);
    process.stdout.on("error", onClosed);
    // The Kubernetes client takes half a second to load. Load it while pulumi reads the stack.
    const checks = import("../proof/prove.ts");
    const pulumi = pulumiOf(messages, world);
    const { runProof } = await import("../proof/run.ts");
    try {
      return await runProof(
        {
          stack: stack as string | undefined,
          mesh: mesh as string | undefined,
          disruption: disruption === true,
          json: json === true,
        },
        {
          root: world.root,
          stdout: world.stdout,
          stderr: world.stderr,
          language: languageIn(messages),
          signal: interruption.signal,
          prove: async (...args) => (await checks).prove(...args),
          readFile: (path) => readFile(resolve(world.folder ?? world.root, path), "utf8"),
          stackOutput: (output, name) => pulumi(outputArgs(output, name), messages.pulumiFor.proof),
        },
      );
    } finally {
      for (const signal of signals) process.off(signal, abort);
      process.stdout.off("error", onClosed);
    }
  },
};
