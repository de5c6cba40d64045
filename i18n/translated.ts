// Translates messages that the config's checks compose in English.

import { kubeconfigProblemsKo } from "./kubeconfigProblemsKo.ts";
import type { Language } from "./language.ts";
import { moreProblemsKo } from "./moreProblemsKo.ts";
import { problemsKo } from "./problemsKo.ts";

/** Korean templates by English template. */
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

/** Templates with the most fixed words come first, because they are the most specific. */
const allPatterns = (): readonly Pattern[] => {
  patterns ??= Object.entries(templatesKo)
    .toSorted(([one], [other]) => other.replaceAll("{}", "").length - one.replaceAll("{}", "").length)
    .map(([english, korean]) => ({
      expression: new RegExp(`^${english.split("{}").map(escaped).join("(.*?)")}$`),
      korean,
    }));
  return patterns;
};

/** The translated message. Each line may begin with a path. A line without a matching template stays in English. */
export function translated(message: string, language: Language): string {
  return language === "en" ? message : message.split("\n").map(lineInKorean).join("\n");
}

function lineInKorean(line: string): string {
  const [, bullet = "", text = ""] = /^(\s*(?:- )?)(.*)$/.exec(line) ?? [];
  // The message follows the path, or the file and the entry in it.
  const starts = [0, ...[...text.matchAll(/: /g)].map(({ index }) => index + 2)];
  for (const start of starts) {
    const korean = inKorean(text.slice(start));
    if (korean !== undefined) return bullet + text.slice(0, start) + korean;
  }
  return line;
}

/** Undefined if no template matches. Values may be messages themselves. */
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
  // A hint may follow the value.
  const hint = names.indexOf("; ");
  return space + (hint < 0 ? names : names.slice(0, hint) + (inKorean(names.slice(hint)) ?? names.slice(hint)));
}
