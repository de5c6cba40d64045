import type { ParseArgsOptionsConfig } from "node:util";
import type { Messages } from "./messages.ts";

/** What a command needs of the world. */
export interface World {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of Pulumi.yaml, at which relative paths start. */
  readonly root: string;
  /** Runs `pulumi` there. @returns what it printed @throws Error with what it said; code ENOENT where there is none */
  readonly pulumi: (args: readonly string[]) => Promise<string>;
}

/** Options as they were given; a string option that was not is undefined. */
export type Options = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  /** Its options besides `--lang` and `--help`. */
  readonly options: ParseArgsOptionsConfig;
  /** @returns the exit code @throws Error whose message is for people */
  readonly run: (options: Options, messages: Messages, world: World) => Promise<number>;
}

/** `--output table|json`. @throws Error that names what it can be */
export function outputOf({ output = "table" }: Options, messages: Messages): "table" | "json" {
  if (output === "table" || output === "json") return output;
  throw new Error(messages.optionValue("--output", String(output), "table, json"));
}
