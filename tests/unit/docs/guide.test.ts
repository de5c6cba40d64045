// The guides in Korean and in English have the same content, and refer only to existing things.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { fields } from "../../../config/reference.ts";
import { catalogue, type Language } from "../../../i18n/language.ts";
import type { Mesh } from "../../../proof/mesh.ts";
import type { CheckResult } from "../../../proof/prove.ts";
import { summaryLine, words } from "../../../proof/report.ts";
import { readGuide } from "../../guide.ts";

const DOCS = join(import.meta.dirname, "..", "..", "..", "docs");
const guides = { ko: readGuide("ko"), en: readGuide("en") };
const languages = ["ko", "en"] as const;

/** Number of table rows that begin with a number: the rows of the former guide. */
const ROWS = 19;

describe("both guides", () => {
  test("have the same sections, with ascending numbers", () => {
    expect(guides.en.sections).toEqual(guides.ko.sections);
    expect(guides.ko.sections).toEqual(guides.ko.sections.toSorted(byNumber));
    expect(guides.ko.sections).toHaveLength(new Set(guides.ko.sections).size);
    expect(guides.ko.sections).toContain("11");
    const headings = ({ text }: { text: string }) => withoutBlocks(text).match(/^#{2,} .*$/gm)?.length;
    // All headings except the contents have a number.
    for (const language of languages) {
      expect(headings(guides[language])).toBe(guides[language].sections.length + 1);
    }
  });

  test("have the same code blocks in the same order, except for the language of the program's output", () => {
    const inKorean = guides.en.blocks.map((block) => ({
      ...block,
      text:
        block.language === "text"
          ? block.text.split("\n").map(outputInKorean).join("\n")
          : block.text.replaceAll("--lang en", "--lang ko"),
    }));
    expect(guides.ko.blocks).toEqual(inKorean);
    expect(guides.ko.blocks.length).toBeGreaterThan(40);
    const texts = guides.ko.blocks.filter(({ language }) => language === "text").map(({ text }) => text);
    expect(texts.join("\n").match(/^.*[가-힣].*$/gm)?.length).toBeGreaterThan(7);
  });

  test("name the same fields, commands and links in each section", () => {
    const named = ({ text }: { text: string }) =>
      bySection(text).map(([section, part]) => [
        section,
        [...new Set((part.match(NAMED) ?? []).map((name) => name.replace(/\.ko\.(md|svg)\)/, ".$1)")))].toSorted(),
      ]);
    expect(named(guides.en)).toEqual(named(guides.ko));
  });
});

describe("the guide's commands", () => {
  const commands = guides.ko.blocks.filter(({ language }) => language === "sh");
  const lines = commands.flatMap(({ section, text }) => text.split("\n").map((line) => ({ section, line })));
  const firstWith = (part: string) => lines.findIndex(({ line }) => line.includes(part));

  test.each([
    ["npm ci", "npm run"],
    ["pulumi login", "pulumi stack init"],
    ["pulumi stack init", "pulumi config set"],
    ["export NCLOUD=", '"$NCLOUD"'],
    ["export NHN=", '"$NHN"'],
    ["export OLD=", "$" + "{OLD:?}"],
    ["pulumi up", "pulumi stack output"],
  ])("run %s before the first %s", (before, after) => {
    expect(firstWith(before)).toBeGreaterThanOrEqual(0);
    expect(firstWith(after)).toBeGreaterThan(firstWith(before));
  });

  test("in section 8 do nothing if a variable is empty, because an empty context means the current one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "csp-mesh-guide-"));
    const log = join(folder, "log");
    for (const program of ["kubectl", "istioctl", "helm", "pulumi", "npm", "find", "ls", "shred"]) {
      await writeFile(join(folder, program), `#!/bin/sh\necho "${program} $*" >> ${log}\n`, { mode: 0o755 });
    }
    const old = commands.filter(({ section }) => section.startsWith("8"));
    expect(old.length).toBeGreaterThan(5);
    // The shell runs line by line, like an interactive shell with a pasted block: it continues after an error.
    await execa("bash", ["--norc", "--noprofile", "-i"], {
      input: old.map(({ text }) => text.replace(/^export OLD=.*$/m, "")).join("\n"),
      env: { PATH: `${folder}:/usr/bin:/bin`, HISTFILE: "/dev/null" },
      extendEnv: false,
      reject: false,
    });
    const called = (await readFile(log, "utf8")).trimEnd().split("\n");
    await rm(folder, { recursive: true });
    expect(called).toContain("npm run mesh -- takeover --restart-workloads --yes");
    expect(called.filter((call) => !/^(pulumi|npm) /.test(call))).toEqual([]);
    // The takeover must not look for the root's files in the folder of the program.
    expect(called.filter((call) => /--certs ?(\/certs|-|$)/.test(call))).toEqual([]);
  });

  test.each(languages)("that the test skips are named at the beginning of the guide in %s", (language) => {
    const [beginning = ""] = guides[language].text.split(/^## /m);
    const paragraph = beginning.slice(beginning.indexOf("guide.test.ts"));
    const named = [...paragraph.matchAll(/\]\(#([\d.]+)\)/g)].map(([, section]) => section);
    const leftOut = commands.filter(({ mark }) => mark !== undefined).map(({ section }) => section);
    expect(named.toSorted()).toEqual([...new Set(leftOut)].toSorted());
  });
});

/** A line of the program's output as the Korean locale prints it. `…` stands for omitted text. */
function outputInKorean(line: string): string {
  const summary = (language: Language) =>
    summaryLine(
      { id: "m", clusters: [] } as unknown as Mesh,
      [1, 2, 3, 4].map(() => ({ passed: true }) as CheckResult),
      language,
    ).replace(/^.*: /, "…");
  const works = (language: Language) => `…${/^[^.;]+/.exec(catalogue[language].status.wholeBut(1))}…`;
  for (const text of [summary, works]) if (line === text("en")) return text("ko");
  const [, name, seen, time] = /^✓ ([^:]+): (.*?)( ?…)$/.exec(line) ?? [];
  if (name === undefined || seen === undefined) return line;
  const found = words(seen.replace(/^…(?=in )/, "… "), "ko").replace(/^…, /, "…");
  return `✓ ${words(name, "ko")}: ${found}${time}`;
}

/** Config fields and linked files. */
const NAMED = /csp-mesh:[\w.[\]]+|\]\([^)#]+\)/g;

describe.each(languages)("the guide in %s", (language) => {
  const { text, sections } = guides[language];

  test("names only existing config fields", () => {
    expect(["ca.intermediates.a.certificat", "sample.trafic", "clusters.name"].filter(isField)).toEqual([]);
    const named = [...text.matchAll(/csp-mesh:([A-Za-z][\w.[\]]*)/g)].map(([, path = ""]) => path.replace(/\.$/, ""));
    expect(named.length).toBeGreaterThan(50);
    const unknown = named.filter((path) => !isField(path.replaceAll(/\[\d+\]/g, "[]")));
    expect(unknown).toEqual([]);
  });

  test("maps each row of the former guide to an existing section", () => {
    const rows = [...text.matchAll(/^\| (\d+) \|.*\| \[([\d.]+)\]\(#\2\) \|$/gm)];
    expect(rows.map(([, row]) => Number(row))).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1));
    for (const [, , section = ""] of rows) expect(sections).toContain(section);
  });

  test("links only to existing sections and files", () => {
    const links = [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const inside = links.filter((target) => target.startsWith("#")).map((target) => target.slice(1));
    expect(inside.filter((id) => !sections.includes(id))).toEqual([]);
    // The contents must link to every section.
    expect(new Set(inside)).toEqual(new Set(sections));
    const files = links.filter((target) => !/^(#|https:)/.test(target));
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((target) => !existsSync(join(DOCS, target)))).toEqual([]);
  });
});

const known = fields().map(({ path, schema }) => ({ path: path.replaceAll(/ \([^)]*\)/g, ""), schema }));

/**
 * Regular expressions for the fields in the schema: `*` matches any name; below a table without fields, such as Helm
 * values, anything matches.
 */
const expressions = known.map(({ path, schema: { additionalProperties: open } }) => {
  const name = path.replaceAll(/[.[\]]/g, "\\$&").replaceAll("*", "\\w+");
  const isTable = open !== undefined && open !== false && !known.some((field) => field.path.startsWith(`${path}.`));
  return new RegExp(`^${name}${isTable ? "(\\.[\\w.[\\]]+)?" : ""}$`);
});

const isField = (path: string) => expressions.some((expression) => expression.test(path));

function byNumber(a: string, b: string): number {
  return new Intl.Collator("en", { numeric: true }).compare(a, b);
}

const withoutBlocks = (text: string) => text.replaceAll(/^```.*?^```$/gms, "");

/** The texts between numbered headings. */
function bySection(text: string): [string, string][] {
  const parts = text.split(/^#{2,3} <a id="([\d.]+)"><\/a>/m).slice(1);
  return parts.flatMap((section, index) =>
    index % 2 === 0 ? [[section, parts[index + 1] ?? ""] as [string, string]] : [],
  );
}
