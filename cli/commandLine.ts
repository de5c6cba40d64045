import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { catalogue, isLanguage, languageOf } from "../i18n/language.ts";
import type { Messages } from "../i18n/messages.ts";
import type { Command, Options, World } from "./command.ts";
import { type CommandName, commandNames } from "./commandNames.ts";
import { commands } from "./commands.ts";

const common = { lang: { type: "string" }, help: { type: "boolean" } } as const satisfies ParseArgsOptionsConfig;

/** Runs a command, or shows what there is. @returns the exit code */
export async function runCommandLine(args: readonly string[], world: World): Promise<number> {
  let messages = catalogue[languageOf(world.env)];
  try {
    messages = chosenLanguage(args, messages);
    const [first, ...rest] = args;
    if (first === undefined || first.startsWith("-")) {
      const { help } = parseOptions(args, common, messages);
      (help ? world.stdout : world.stderr)(overview(messages));
      return help ? 0 : 2;
    }
    if (!isCommand(first)) throw new Error(messages.unknownCommand(first, commandNames.join(", ")));
    const { argument, optionalArgument, withOptionalValue, run, ...command } = commands[first];
    const options = parseOptions(rest, { ...common, ...command.options }, messages, { argument, withOptionalValue });
    if (options.help) {
      world.stdout(messages.commands[first].usage);
      return 0;
    }
    if (argument !== undefined && !optionalArgument && options[argument] === undefined)
      throw new Error(messages.noArgument(argument));
    return await run(options, messages, world);
  } catch (error) {
    world.stderr(`mesh: ${(error as Error).message}\n`);
    return 2;
  }
}

const isCommand = (name: string): name is CommandName => (commandNames as readonly string[]).includes(name);

function overview(messages: Messages): string {
  return messages.usage(
    commandNames.map((name) => `  ${name.padEnd(19)} ${messages.commands[name].summary}`).join("\n"),
  );
}

/** `--lang` holds for what is said of the other arguments, too. */
function chosenLanguage(args: readonly string[], fallback: Messages): Messages {
  const { lang } = parseArgs({ args: [...args], options: { lang: common.lang }, strict: false }).values;
  if (typeof lang !== "string") return fallback;
  if (!isLanguage(lang)) throw new Error(fallback.optionValue("--lang", lang, Object.keys(catalogue).join(", ")));
  return catalogue[lang];
}

/** As `parseArgs` when strict, whose own messages are in one language only. */
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
      throw new Error(messages.unknownOption(token.rawName, known.join(", ")));
    }
    if (type === "boolean" && token.value !== undefined && !withOptionalValue.includes(token.name))
      throw new Error(messages.optionTakesNoValue(token.rawName));
    if (type === "string" && !token.value) throw new Error(messages.optionWithoutValue(token.rawName));
  }
  const surplus = positionals[argument === undefined ? 0 : 1];
  if (surplus !== undefined) throw new Error(messages.unexpectedArgument(surplus));
  return { ...values, ...(argument !== undefined && { [argument]: positionals[0] }) } as Options;
}
