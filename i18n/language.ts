import { en } from "./en.ts";
import { ko } from "./ko.ts";
import type { Messages } from "./messages.ts";

export type Language = "en" | "ko";

/** Every text of the command line, by language. */
export const catalogue: Readonly<Record<Language, Messages>> = { en, ko };

export const languageIn = (messages: Messages): Language => (messages === ko ? "ko" : "en");

export const isLanguage = (name: string): name is Language => Object.hasOwn(catalogue, name);

/** The language of the locale, in POSIX's order of precedence. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>): Language {
  return /^ko\b|^ko_/i.test(LC_ALL || LC_MESSAGES || LANG || "") ? "ko" : "en";
}
