// Translates composed English messages. It finds the template from which a message was composed.
import type { Language } from "./language.ts";
import { withParticles } from "./particles.ts";

/** Lines may begin with a path. Text without a matching template stays in English. */
export type Translate = (message: string, language: Language) => string;

interface Pattern {
  readonly expression: RegExp;
  readonly korean: string;
  /** Longest fixed part of the template. */
  readonly longest: string;
  /** Number of letters in the fixed parts. */
  readonly length: number;
}

const escaped = (text: string) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");

/** Pattern of a value that directly follows another value, as an optional addition. */
const APPENDED = "((?: \\(| on | in |; |: ).*|)";

/** A translation, with the number of letters that its templates matched. The translation with the most letters wins. */
interface Reading {
  readonly text: string;
  readonly letters: number;
}

const better = (one: Reading, other: Reading) => (other.letters > one.letters ? other : one);

/** @param templates Korean templates by English template: `{}` stands for a value, and `{2}` for the second value */
export function translator(templates: Readonly<Record<string, string>>): Translate {
  let patterns: readonly Pattern[] | undefined;

  /** The patterns, those with the most letters in their English template first. */
  const allPatterns = (): readonly Pattern[] => {
    patterns ??= Object.entries(templates)
      .map(([english, korean]) => {
        const own = english.split("{}");
        const longest = own.toSorted((one, other) => other.length - one.length)[0] ?? "";
        return {
          expression: new RegExp(`^${own.map(escaped).join("(.*?)").replaceAll("(.*?)(.*?)", `(.*?)${APPENDED}`)}$`),
          korean,
          longest,
          length: own.join("").replaceAll(/[^a-z]/gi, "").length,
        };
      })
      .toSorted((one, other) => other.length - one.length);
    return patterns;
  };

  function lineInKorean(line: string): string {
    const [, bullet = "", text = ""] = /^(\s*(?:[-✓✗] )?)(.*)$/.exec(line) ?? [];
    return bullet + message(text).text;
  }

  /** A message that may begin with a path, a cluster, or a file and a position in it. */
  function message(text: string): Reading {
    const cluster = /^cluster (?=[\w.-]+: )/;
    const starts = [...(cluster.test(text) ? [] : [0]), ...[...text.matchAll(/: /g)].map(({ index }) => index + 2)];
    return starts
      .map((start) => {
        const [before, rest] = [prefix(text.slice(0, start).replace(cluster, "클러스터 ")), clauses(text.slice(start))];
        return { text: before.text + rest.text, letters: before.letters + rest.letters };
      })
      .reduce(better, { text, letters: 0 });
  }

  /** Paths, names and actions before a message. */
  function prefix(text: string): Reading {
    const each = text.split(": ").map((part) => (part.includes(" ") ? sentence(part) : { text: part, letters: 0 }));
    return {
      text: each.map((part) => part.text).join(": "),
      letters: each.reduce((sum, { letters }) => sum + letters, 0),
    };
  }

  /** One message, or several that are separated by semicolons. */
  function clauses(text: string): Reading {
    const whole = sentence(text);
    return [...text.matchAll(/; /g)]
      .map(({ index }) => {
        const [first, rest] = [sentence(text.slice(0, index)), message(text.slice(index + 2))];
        const end = /니다/.test(first.text) ? "." : ";";
        return { text: `${first.text}${end} ${rest.text}`, letters: first.letters + rest.letters };
      })
      .reduceRight((one, other) => (other.letters >= one.letters ? other : one), whole);
  }

  /** Translations by text, because parts of a message are tried many times. */
  const found = new Map<string, Reading>();

  /** Values may be messages themselves. */
  function sentence(text: string): Reading {
    const before = found.get(text);
    if (before !== undefined) return before;
    let best: Reading = { text, letters: 0 };
    for (const { expression, korean, longest, length } of allPatterns()) {
      const values = text.includes(longest) ? expression.exec(text)?.slice(1).map(value) : undefined;
      if (values === undefined) continue;
      best = better(best, {
        text: korean.replaceAll(/\{(\d)\}/g, (_, number: string) => values[Number(number) - 1]?.text ?? ""),
        letters: values.reduce((sum, { letters }) => sum + letters, length),
      });
    }
    found.set(text, best);
    return best;
  }

  function value(given: string): Reading {
    const [, space = "", text = ""] = /^(\s*)(.*)$/.exec(given) ?? [];
    const names = text.replace(/^("[^"]*") and ("[^"]*")$/, "$1, $2");
    if (names.length < 4) return { text: given, letters: 0 };
    const { text: korean, letters } = [list(names), message(names), hinted(names)].reduce(better);
    return { text: space + korean, letters };
  }

  /** A list of messages, each of which may contain commas. */
  function list(text: string): Reading {
    return [...text.matchAll(/, | and /g)]
      .map(({ 0: separator, index }) => {
        const [first, rest] = [sentence(text.slice(0, index)), list(text.slice(index + separator.length))];
        return { text: `${first.text}, ${rest.text}`, letters: first.letters + rest.letters };
      })
      .reduce((one, other) => (other.letters > 0 && other.letters >= one.letters ? other : one), sentence(text));
  }

  /** A value with an optional hint, such as `"aws"; for others …`. */
  function hinted(text: string): Reading {
    const hint = text.indexOf("; ");
    if (hint < 0) return { text, letters: 0 };
    const { text: korean, letters } = sentence(text.slice(hint));
    return { text: text.slice(0, hint) + korean, letters };
  }

  return (message, language) => {
    if (language === "en") return message;
    found.clear();
    return message
      .split("\n")
      .map((line) => withParticles(lineInKorean(line)))
      .join("\n");
  };
}
