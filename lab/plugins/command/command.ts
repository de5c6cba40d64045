// What local and remote commands have in common.
import { randomBytes } from "node:crypto";
import { oneOf } from "../checks.ts";
import type { CheckFailure, Operation, ResourceType } from "../resource.ts";
import type { Props } from "../values.ts";
import type { Streams } from "./streams.ts";

/** Runs one command to its end. @param last what the command before it said */
type Execute = (command: string, inputs: Props, last: Streams, operation: Operation) => Promise<Streams>;

const LOGGING = ["stdout", "stderr", "stdoutAndStderr", "none"];

export function commandType(execute: Execute, check: (inputs: Props) => CheckFailure[]): ResourceType {
  /** Without a command, what the last one said stays. */
  const run = async (command: unknown, inputs: Props, last: Streams, operation: Operation) =>
    command === undefined ? { ...last } : { ...(await execute(command as string, inputs, last, operation)) };
  return {
    computed: ["stdout", "stderr"],
    inheritsSecrecy: true,
    replaces: (input) => input === "triggers",
    check: (inputs) => [...check(inputs), ...oneOf(inputs, "logging", LOGGING)],
    async create(inputs, operation) {
      const outputs = await run(inputs.create, inputs, { stdout: "", stderr: "" }, operation);
      return { id: randomBytes(8).toString("hex"), outputs };
    },
    update: (inputs, state, operation) => run(inputs.update ?? inputs.create, inputs, spoken(state), operation),
    async delete(state, operation) {
      await run(state.delete, state, spoken(state), operation);
    },
  };
}

const spoken = (state: Props): Streams => ({
  stdout: (state.stdout as string | undefined) ?? "",
  stderr: (state.stderr as string | undefined) ?? "",
});

/** The resource's variables, and what the command before this one said. */
export function environment(inputs: Props, last: Streams): Record<string, string> {
  const variables = { ...(inputs.environment as Record<string, string> | undefined) };
  if (inputs.addPreviousOutputInEnv === false) return variables;
  if (last.stdout !== "") variables.PULUMI_COMMAND_STDOUT = last.stdout;
  if (last.stderr !== "") variables.PULUMI_COMMAND_STDERR = last.stderr;
  return variables;
}

/** Shows those lines that the resource wants shown. */
export function logger(inputs: Props, { log }: Operation): (stream: keyof Streams, line: string) => void {
  const logging = inputs.logging ?? "stdoutAndStderr";
  return (stream, line) => {
    if (logging === stream || logging === "stdoutAndStderr") log(line);
  };
}
