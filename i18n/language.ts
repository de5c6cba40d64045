import { en } from "./en.ts";
import { ko } from "./ko.ts";
import type { Messages } from "./messages.ts";
import { particlesIn } from "./particles.ts";

export type Language = "en" | "ko";

/** Every text of the command line, by language. */
export const catalogue: Readonly<Record<Language, Messages>> = { en, ko: particlesIn(ko) };

export const languageIn = (messages: Messages): Language => (messages === catalogue.ko ? "ko" : "en");

export const isLanguage = (name: string): name is Language => Object.hasOwn(catalogue, name);

/** Set by a command for the processes that it starts: the language of its `--lang`. */
export const LANGUAGE_VARIABLE = "CSP_MESH_LANG";

/** The language that a command asks for, or a terminal, in POSIX's order. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const { [LANGUAGE_VARIABLE]: asked = "", LC_ALL, LC_MESSAGES, LANG } = env;
  if (isLanguage(asked)) return asked;
  return /^ko\b|^ko_/i.test(LC_ALL || LC_MESSAGES || LANG || "") ? "ko" : "en";
}
