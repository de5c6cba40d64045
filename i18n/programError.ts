import { languageOf } from "./language.ts";
import { translated } from "./translated.ts";

/** An error of the program itself, in the language of the environment. */
export const programError = (message: string): Error => new Error(translated(message, languageOf(process.env)));
