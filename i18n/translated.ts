// Messages that the config's checks compose in English, in the language of the reader.

import { kubeconfigProblemsKo } from "./kubeconfigProblemsKo.ts";
import type { Language } from "./language.ts";
import { moreProblemsKo } from "./moreProblemsKo.ts";
import { problemsKo } from "./problemsKo.ts";

/** Korean by the English template. */
export const templatesKo: Readonly<Record<string, string>> = {
  ...problemsKo,
  ...moreProblemsKo,
  ...kubeconfigProblemsKo,
};

interface Pattern {
  readonly expression: RegExp;
  readonly korean: string;
}

const escaped = (text: string) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");

let patterns: readonly Pattern[] | undefined;

/** Those with the most words of their own first: they say most of what a message is. */
const allPatterns = (): readonly Pattern[] => {
  patterns ??= Object.entries(templatesKo)
    .toSorted(([one], [other]) => other.replaceAll("{}", "").length - one.replaceAll("{}", "").length)
    .map(([english, korean]) => ({
      expression: new RegExp(`^${english.split("{}").map(escaped).join("(.*?)")}$`),
      korean,
    }));
  return patterns;
};

/** The message, each of whose lines may begin with a path. A line that no template fits stays in English. */
export function translated(message: string, language: Language): string {
  return language === "en" ? message : message.split("\n").map(lineInKorean).join("\n");
}

function lineInKorean(line: string): string {
  const [, bullet = "", text = ""] = /^(\s*(?:- )?)(.*)$/.exec(line) ?? [];
  // Behind the path, or the file and what in it is meant, comes the message.
  const starts = [0, ...[...text.matchAll(/: /g)].map(({ index }) => index + 2)];
  for (const start of starts) {
    const korean = inKorean(text.slice(start));
    if (korean !== undefined) return bullet + text.slice(0, start) + korean;
  }
  return line;
}

/** Undefined where no template fits. Values may be messages themselves. */
function inKorean(text: string): string | undefined {
  for (const { expression, korean } of allPatterns()) {
    const values = expression.exec(text)?.slice(1);
    if (values === undefined) continue;
    return korean.replaceAll(/\{(\d)\}/g, (_, number: string) => valueInKorean(values[Number(number) - 1] ?? ""));
  }
  return undefined;
}

function valueInKorean(value: string): string {
  const [, space = "", text = ""] = /^(\s*)(.*)$/.exec(value) ?? [];
  const names = text.replace(/^("[^"]*") and ("[^"]*")$/, "$1, $2");
  if (names.length < 4) return value;
  const whole = inKorean(names);
  if (whole !== undefined) return space + whole;
  // A hint may hang on the value.
  const hint = names.indexOf("; ");
  return space + (hint < 0 ? names : names.slice(0, hint) + (inKorean(names.slice(hint)) ?? names.slice(hint)));
}
