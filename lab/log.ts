// Prints the lab's progress: a line for each long step, with the time since the start.
import { languageOf } from "../i18n/language.ts";
import { templatesKo } from "../i18n/translated.ts";
import { translator } from "../i18n/translator.ts";
import { labKo } from "./ko.ts";

const translate = translator({ ...templatesKo, ...labKo });

/** A text of the lab or the program, in the language of the environment. */
export const inWords = (text: string): string => translate(text, languageOf(process.env));

const started = performance.now();

function stamp(): string {
  return `${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s`;
}

export function say(line: string): void {
  process.stdout.write(`${stamp()}  ${inWords(line)}\n`);
}

/** Runs a step and prints its duration. If it fails, the error names it. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  try {
    const result = await work();
    say(`${inWords(title)} ${inWords(`(${((performance.now() - from) / 1000).toFixed(1)} s)`)}`);
    return result;
  } catch (error) {
    say(`${inWords(title)}: ${inWords("failed")}`);
    throw error;
  }
}
