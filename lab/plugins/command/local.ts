import { randomBytes } from "node:crypto";
import { oneOf } from "../checks.ts";
import type { CheckFailure, Operation, ResourceType } from "../resource.ts";
import type { Props } from "../values.ts";
import { run, type Streams } from "./run.ts";

const LOGGING = ["stdout", "stderr", "stdoutAndStderr", "none"];

function check(inputs: Props): CheckFailure[] {
  const files = ["assetPaths", "archivePaths"]
    .filter((property) => property in inputs)
    .map((property) => ({ property, reason: "the lab's stand-in returns no files: print what is needed to stdout" }));
  return [...files, ...oneOf(inputs, "logging", LOGGING)];
}

/** Runs one of the resource's commands; without one, what the last command said stays. */
async function execute(command: unknown, inputs: Props, last: Streams, { log }: Operation): Promise<Streams> {
  if (command === undefined) return last;
  const env: NodeJS.ProcessEnv = { ...process.env, ...(inputs.environment as Record<string, string> | undefined) };
  if (inputs.addPreviousOutputInEnv !== false) {
    if (last.stdout !== "") env.PULUMI_COMMAND_STDOUT = last.stdout;
    if (last.stderr !== "") env.PULUMI_COMMAND_STDERR = last.stderr;
  }
  const interpreter = inputs.interpreter as string[] | undefined;
  const logging = inputs.logging ?? "stdoutAndStderr";
  const logs = (stream: string): boolean => logging === stream || logging === "stdoutAndStderr";
  return await run(command as string, {
    interpreter: interpreter?.length ? interpreter : ["/bin/sh", "-c"],
    cwd: (inputs.dir as string | undefined) ?? process.cwd(),
    env,
    stdin: (inputs.stdin as string | undefined) ?? "",
    onLine: (stream, line) => {
      if (logs(stream)) log(line);
    },
  });
}

const spoken = (state: Props): Streams => ({
  stdout: (state.stdout as string | undefined) ?? "",
  stderr: (state.stderr as string | undefined) ?? "",
});

export const localCommand: ResourceType = {
  computed: ["stdout", "stderr"],
  inheritsSecrecy: true,
  replaces: (input) => input === "triggers",
  check,
  async create(inputs, operation) {
    const outputs = await execute(inputs.create, inputs, { stdout: "", stderr: "" }, operation);
    return { id: randomBytes(8).toString("hex"), outputs: { ...outputs } };
  },
  async update(inputs, state, operation) {
    return { ...(await execute(inputs.update ?? inputs.create, inputs, spoken(state), operation)) };
  },
  async delete(state, operation) {
    await execute(state.delete, state, spoken(state), operation);
  },
};
