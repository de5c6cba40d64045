import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { catalogue, isLanguage, languageIn, languageOf } from "../i18n/language.ts";
import type { Messages } from "../i18n/messages.ts";
import { translated } from "../i18n/translated.ts";
import { shownLines } from "../kube/shown.ts";
import { type Command, type Options, UsageError, type World } from "./command.ts";
import { type CommandName, commandNames } from "./commandNames.ts";
import { commands } from "./commands.ts";
import { closest } from "./didYouMean.ts";
import { takenByNpm } from "./npmOptions.ts";

const common = {
  lang: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsOptionsConfig;
const alone = { ...common, version: { type: "boolean" } } as const satisfies ParseArgsOptionsConfig;

/** Runs a command, or prints the help. @returns the exit code */
export async function runCommandLine(args: readonly string[], world: World): Promise<number> {
  let messages = catalogue[languageOf(world.env)];
  try {
    messages = chosenLanguage(args, messages);
    const [first, ...rest] = args;
    if (first === undefined || first.startsWith("-")) {
      const all = Object.assign({}, ...Object.values(commands).map((each) => each.options), alone);
      refuseTaken(args, all, messages, world);
      const { help, version } = parseOptions(args, alone, messages);
      if (version) world.stdout(`${versionLine()}\n`);
      else (help ? world.stdout : world.stderr)(overview(messages));
      return help || version ? 0 : 2;
    }
    if (first === "help") return help(rest, messages, world);
    const name = commandOf(first, messages);
    const { argument, optionalArgument, withOptionalValue, run, ...command } = commands[name];
    const known = { ...common, ...command.options };
    refuseTaken(args, known, messages, world, argument === undefined ? 1 : 2);
    const options = parseOptions(rest, known, messages, { argument, withOptionalValue });
    if (options.help) {
      world.stdout(messages.commands[name].usage);
      return 0;
    }
    if (argument !== undefined && !optionalArgument && options[argument] === undefined)
      throw new UsageError(messages.noArgument(argument));
    return await run(options, messages, world);
  } catch (error) {
    const more = world.pointsToRemedies && !(error instanceof UsageError) ? `${messages.troubleshooting}\n` : "";
    const said = translated(shownLines((error as Error).message), languageIn(messages));
    world.stderr(`mesh: ${said}\n${more}`);
    return 2;
  }
}

const isCommand = (name: string): name is CommandName => (commandNames as readonly string[]).includes(name);

/** @throws UsageError that suggests the closest command */
function commandOf(name: string, messages: Messages): CommandName {
  if (isCommand(name)) return name;
  throw new UsageError(messages.unknownCommand(name, commandNames.join(", "), closest(name, commandNames)));
}

/** Handles `help` and `help COMMAND`. */
function help(args: readonly string[], messages: Messages, { stdout }: World): number {
  const { topic } = parseOptions(args, common, messages, { argument: "topic" });
  stdout(topic === undefined ? overview(messages) : messages.commands[commandOf(String(topic), messages)].usage);
  return 0;
}

function overview(messages: Messages): string {
  return messages.usage(
    commandNames.map((name) => `  ${name.padEnd(19)} ${messages.commands[name].summary}`).join("\n"),
  );
}

function versionLine(): string {
  const { name, version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"));
  return `${name} ${version}`;
}

/** @throws UsageError if options were placed before npm's `--` */
function refuseTaken(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  messages: Messages,
  { env }: Pick<World, "env">,
  kept = 0,
): void {
  const taken = takenByNpm(args, options, env, kept);
  if (taken) throw new UsageError(messages.takenByNpm(taken.options, taken.command));
}

/** `--lang` also applies to errors about the other arguments. */
function chosenLanguage(args: readonly string[], fallback: Messages): Messages {
  const { lang } = parseArgs({ args: [...args], options: { lang: common.lang }, strict: false }).values;
  if (typeof lang !== "string" || lang.startsWith("-")) return fallback;
  if (!isLanguage(lang)) throw new UsageError(fallback.optionValue("--lang", lang, Object.keys(catalogue).join(", ")));
  return catalogue[lang];
}

/** Like strict `parseArgs`, whose own messages are only in English. */
function parseOptions(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  messages: Messages,
  { argument, withOptionalValue = [] }: Pick<Command, "argument" | "withOptionalValue"> = {},
): Options {
  const { values, positionals, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const type = options[token.name]?.type;
    if (type === undefined) {
      const known = Object.keys(options).map((name) => `--${name}`);
      throw new UsageError(messages.unknownOption(token.rawName, known.join(", "), closest(token.rawName, known)));
    }
    if (type === "boolean" && token.value !== undefined && !withOptionalValue.includes(token.name))
      throw new UsageError(messages.optionTakesNoValue(token.rawName));
    // In `--stack --output json`, parseArgs would take the next option for the value.
    const isNext = !token.inlineValue && token.value?.startsWith("-");
    if (type === "string" && (!token.value || isNext)) throw new UsageError(messages.optionWithoutValue(token.rawName));
  }
  const surplus = positionals[argument === undefined ? 0 : 1];
  if (surplus !== undefined) throw new UsageError(messages.unexpectedArgument(surplus));
  return { ...values, ...(argument !== undefined && { [argument]: positionals[0] }) } as Options;
}
