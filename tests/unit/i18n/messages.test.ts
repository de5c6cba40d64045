import { describe, expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";

/** All texts by path. A function is called with recognisable arguments. */
function texts(part: unknown, path = ""): [string, string][] {
  // Texts of findings are tested separately: tests/unit/preflight/messages.test.ts, tests/unit/status/messages.test.ts.
  if (path.endsWith(".findings")) return [];
  if (typeof part === "string") return path === "preflight.columns.0" ? [] : [[path, part]];
  if (typeof part === "function") return [[path, part(...marks(path))]];
  return Object.entries(part as object).flatMap(([key, value]) => texts(value, path ? `${path}.${key}` : key));
}

const mark = (name: string) => `«${name}»`;

/** Arguments for the catalogue's functions: a reason for `firewall.reasons`, otherwise texts. */
function marks(path: string): unknown[] {
  const reason = { peer: mark("peer"), refused: [mark("refused")], list: mark("list"), field: mark("field") };
  if (path === "preflight.result") return [{ errors: 3, warnings: 5 }];
  if (/^status\.(broken|wholeBut)$/.test(path)) return [3, 5];
  return path.startsWith("firewall.reasons.") ? [reason] : [mark("1"), mark("2"), mark("3")];
}

const markedIn = (text: string) => (text.match(/«\w+»/g) ?? []).sort();

const english = new Map(texts(catalogue.en));
const korean = new Map(texts(catalogue.ko));

test("both languages have the same keys", () => {
  expect([...korean.keys()].sort()).toEqual([...english.keys()].sort());
});

describe.each([...english])("%s", (path, text) => {
  const other = korean.get(path) ?? "";

  test("exists in both languages, and only the Korean text contains Hangul", () => {
    expect(text.trim()).not.toBe("");
    expect(other).toMatch(/[가-힣]/);
    expect(text).not.toMatch(/[가-힣]/);
  });

  test("contains the same values in both languages", () => {
    expect(markedIn(other)).toEqual(markedIn(text));
  });

  test("names the same options in both languages", () => {
    const options = (of: string) => [...new Set(of.match(/--[a-z-]+/g) ?? [])].sort();
    expect(options(other)).toEqual(options(text));
  });
});

test("each function uses all of its arguments", () => {
  const functions = (part: unknown, path = ""): [string, (...args: unknown[]) => string][] =>
    typeof part === "function"
      ? [[path, part as () => string]]
      : typeof part === "string"
        ? []
        : Object.entries(part as object).flatMap(([key, value]) => functions(value, path ? `${path}.${key}` : key));
  for (const [path, make] of functions(catalogue.en)) {
    if (/^status\.(broken|wholeBut)$|^(firewall\.reasons|preflight|probe\.findings|status\.findings)\./.test(path))
      continue;
    expect([path, new Set(markedIn(make(...marks(path)))).size]).toEqual([path, make.length]);
  }
});
