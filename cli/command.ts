import type { ParseArgsOptionsConfig } from "node:util";
import type { ClusterConfig } from "../config/parse.ts";
import type { Language } from "../i18n/language.ts";
import type { Messages } from "../i18n/messages.ts";
import type { Terminal } from "../i18n/terminal.ts";
import type { CrossClusterProxies } from "../operations/crossClusterProxies.ts";
import type { Gate } from "../operations/gate.ts";
import type { Restart } from "../operations/oldProxies.ts";
import type { Up } from "../operations/pulumiUp.ts";
import type { ExpectedTrust } from "../operations/rootGate.ts";
import type { RefreshSecrets } from "../operations/secretRefresh.ts";
import type { examine } from "../preflight/examine.ts";

/** Environment of a command. */
export interface World {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of Pulumi.yaml, to which relative paths in the config refer. */
  readonly root: string;
  /** The shell's folder, to which relative paths in options refer. @default `root` */
  readonly folder?: string | undefined;
  /** Whether errors end with a reference to the document with remedies. @default false */
  readonly pointsToRemedies?: boolean | undefined;
  /** Properties of the standard output. @default a file */
  readonly terminal?: Terminal | undefined;
  /**
   * Runs `pulumi` in `root`, with `input` as its standard input.
   *
   * @returns its output @throws Error with its error output; code ENOENT if it is not installed
   */
  readonly pulumi: (args: readonly string[], input?: string) => Promise<string>;
  /** Asks a question on the terminal and returns the answer. Undefined without a terminal. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Effects of operations beside the stack file. @default `realEffects` */
  readonly effects?: Effects | undefined;
}

/** A usage error, after which the help is suggested. */
export class UsageError extends Error {}

export interface Effects extends Pick<Gate, "look" | "pause"> {
  readonly up: Up;
  readonly refresh: RefreshSecrets;
  /** The certificates that a stack has created. */
  readonly trust: (stack: string) => Promise<ExpectedTrust>;
  readonly restart: Restart;
  /** The preflight. */
  readonly examine: typeof examine;
  /** The proxies of a cluster that would send requests to another cluster's gateway. */
  readonly crossClusterProxies: (cluster: ClusterConfig, signal: AbortSignal) => Promise<CrossClusterProxies>;
  /** Proves the mesh of a stack, and prints a line for each check. @returns whether all passed */
  readonly prove: (
    stack: string,
    say: (line: string) => void,
    signal: AbortSignal,
    language: Language,
  ) => Promise<boolean>;
}

/** Parsed options; a missing string option is undefined. */
export type Options = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  /** Its options besides `--lang` and `--help`. */
  readonly options: ParseArgsOptionsConfig;
  /** Name of its only argument, which is passed as an option. @default it has no argument */
  readonly argument?: string | undefined;
  /** Whether the argument is optional. @default false */
  readonly optionalArgument?: true | undefined;
  /** Boolean options that may have a value, as in `--wait=30`. @default none */
  readonly withOptionalValue?: readonly string[] | undefined;
  /** @returns the exit code @throws Error whose message is for people */
  readonly run: (options: Options, messages: Messages, world: World) => Promise<number>;
}

/**
 * Value of `--output`: `table`, `json`, or another format of the command. The first is the default.
 * @throws Error that names the allowed values
 */
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
