import type { ParseArgsOptionsConfig } from "node:util";
import type { Messages } from "../i18n/messages.ts";
import type { Terminal } from "../i18n/terminal.ts";
import type { Gate } from "../operations/gate.ts";
import type { Restart } from "../operations/oldProxies.ts";
import type { Up } from "../operations/pulumiUp.ts";
import type { ExpectedTrust } from "../operations/rootGate.ts";
import type { RefreshSecrets } from "../operations/secretRefresh.ts";

/** What a command needs of the world. */
export interface World {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of Pulumi.yaml, at which relative paths of the config start. */
  readonly root: string;
  /** Folder of the shell, at which relative paths of options start. @default `root` */
  readonly folder?: string | undefined;
  /** Whether errors end with the document that lists their remedies. @default false */
  readonly pointsToRemedies?: boolean | undefined;
  /** Where the standard output goes. @default a file */
  readonly terminal?: Terminal | undefined;
  /**
   * Runs `pulumi` there, with `input` as its standard input.
   *
   * @returns what it printed @throws Error with what it said; code ENOENT where there is none
   */
  readonly pulumi: (args: readonly string[], input?: string) => Promise<string>;
  /** Asks a question on the terminal and returns the answer. Undefined where there is no terminal. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** What operations do beside the stack file. @default `liveWorld` */
  readonly live?: Live | undefined;
}

/** A mistake in the command itself, which its help explains. */
export class UsageError extends Error {}

export interface Live extends Pick<Gate, "look" | "pause"> {
  readonly up: Up;
  readonly refresh: RefreshSecrets;
  /** What a stack has made of its roots. */
  readonly trust: (stack: string) => Promise<ExpectedTrust>;
  readonly restart: Restart;
  /** Proves the mesh of a stack, and says a line for each check. @returns whether all passed */
  readonly prove: (stack: string, say: (line: string) => void, signal: AbortSignal) => Promise<boolean>;
}

/** Options as they were given; a string option that was not is undefined. */
export type Options = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  /** Its options besides `--lang` and `--help`. */
  readonly options: ParseArgsOptionsConfig;
  /** Name of its one argument, which is then in the options. @default none is taken */
  readonly argument?: string | undefined;
  /** Whether it may be left out. @default it may not */
  readonly optionalArgument?: true | undefined;
  /** Boolean options that may have a value, as in `--wait=30`. @default none */
  readonly withOptionalValue?: readonly string[] | undefined;
  /** @returns the exit code @throws Error whose message is for people */
  readonly run: (options: Options, messages: Messages, world: World) => Promise<number>;
}

/** `--output table|json`, or what else a command knows; the first is the default. @throws Error that names what it can be */
export function outputOf(options: Options, messages: Messages): "table" | "json";
export function outputOf<Kind extends string>(options: Options, messages: Messages, kinds: readonly Kind[]): Kind;
export function outputOf(
  { output }: Options,
  messages: Messages,
  kinds: readonly string[] = ["table", "json"],
): string {
  const chosen = String(output ?? kinds[0]);
  if (kinds.includes(chosen)) return chosen;
  throw new UsageError(messages.optionValue("--output", chosen, kinds.join(", ")));
}
