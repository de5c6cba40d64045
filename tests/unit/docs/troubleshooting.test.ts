// The troubleshooting pages quote the program's actual messages.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { en } from "../../../i18n/en.ts";
import { ko } from "../../../i18n/ko.ts";
import { ROOT } from "../../root.ts";

const PAGES = {
  "docs/troubleshooting.md": en,
  "docs/troubleshooting.ko.md": ko,
} as const;

/** A placeholder that prints as `…` for any access or call. */
const anything: unknown = new Proxy(() => undefined, {
  get: (_, key) => {
    if (key === Symbol.toPrimitive) return () => "…";
    if (key === Symbol.iterator) return () => [anything][Symbol.iterator]();
    return anything;
  },
  apply: () => anything,
});

/** Property values that select a finding's text. */
const CHOSEN: Record<string, unknown> = { why: "silent", by: { is: "other" }, role: "root" };
const finding = new Proxy({}, { get: (_, key) => CHOSEN[String(key)] ?? anything });

type Findings = Readonly<Record<string, (finding: never) => { found: string }>>;

function quoteOf(id: string, { preflight, probe, status }: typeof en): string | undefined {
  const findings: Findings = { ...preflight.findings, ...probe.findings, ...status.findings };
  return findings[id]?.(finding as never)
    .found.replaceAll("NaN", "…")
    .replaceAll("……", "…")
    .replaceAll("`", "'");
}

/** String literals in the program's sources, with `…` for inserted values. */
const sources = ["cli", "config", "i18n", "istiod", "kube", "mesh", "net", "operations", "provider"]
  .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((file) => join(folder, String(file))))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(ROOT, file), "utf8").replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…"));

const read = (page: string) => readFileSync(join(ROOT, page), "utf8");
const ids = (text: string) => [...text.matchAll(/<a id="(\w+)"><\/a>`/g)].map(([, id = ""]) => id);

describe.each(Object.entries(PAGES))("%s", (page, messages) => {
  const text = read(page);

  test("quotes the program's findings literally (vitest -u writes them)", async () => {
    expect(ids(text).length).toBeGreaterThan(40);
    const quoted = text.replaceAll(/<a id="(\w+)"><\/a>`[^`]*`/g, (_, id) => {
      return `<a id="${id}"></a>\`${quoteOf(id, messages) ?? `no finding ${id}`}\``;
    });
    expect(quoted).not.toContain("no finding ");
    await expect(quoted).toMatchFileSnapshot(join(ROOT, page));
  });

  test("quotes only existing messages of pulumi up and pulumi destroy", () => {
    const [, section = ""] = text.split(/^## `pulumi up`/m);
    const quotes = [...(section.split(/^## /m)[0] ?? "").matchAll(/^\| `([^`]+)` \|/gm)].map(([, quote = ""]) => quote);
    expect(quotes.length).toBeGreaterThan(10);
    const unknown = quotes.filter((quote) => !sources.some((source) => source.includes(quote)));
    expect(unknown).toEqual([]);
  });
});

test("both pages have the same finding ids and commands, and the same number of table rows in each section", () => {
  const [english, korean] = Object.keys(PAGES).map(read) as [string, string];
  expect(ids(korean)).toEqual(ids(english));
  const rows = (text: string) => text.split(/^## /m).map((section) => section.match(/^\| /gm)?.length);
  expect(rows(korean)).toEqual(rows(english));
  const commands = (text: string) => [...text.matchAll(/^```sh\n.*?^```/gms)].map(String);
  expect(commands(korean)).toEqual(commands(english));
});
