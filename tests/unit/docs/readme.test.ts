// Both READMEs have the same commands, links and figures, and their commands exist.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandNames } from "../../../cli/commandNames.ts";
import { ROOT } from "../../root.ts";

const texts = {
  en: readFileSync(join(ROOT, "README.md"), "utf8"),
  ko: readFileSync(join(ROOT, "README.ko.md"), "utf8"),
};
const languages = ["en", "ko"] as const;

const blocks = (text: string) => [...text.matchAll(/^```sh\n(.*?)\n```$/gms)].map(([, block = ""]) => block);
const commands = (text: string) => blocks(text).map((block) => block.replaceAll(/ +# .*$/gm, ""));
/** Linked files, without their language suffix. */
const links = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, file = ""]) => file.replace(/\.(en|ko)\.(md|svg)$/, ".$2"));
const codes = (text: string) =>
  [...text.matchAll(/`((?:npm|pulumi) [^`]+)`/g)].map(([, code = ""]) => code.replace(" --lang ko", ""));

test("both READMEs have the same commands, in the same order", () => {
  expect(commands(texts.ko)).toEqual(commands(texts.en));
  expect([...new Set(codes(texts.ko))].toSorted()).toEqual([...new Set(codes(texts.en))].toSorted());
});

test("both READMEs link to the same files", () => {
  expect([...new Set(links(texts.ko))].toSorted()).toEqual([...new Set(links(texts.en))].toSorted());
});

test.each([2, 8])("both READMEs have the same figures in the tables of section %d", (index) => {
  const figures = (text: string) => {
    const rows = text.split(/^## /m)[index]?.match(/^\|.*$/gm) ?? [];
    return rows.map((row) => row.replaceAll(/`[^`]*`/g, "").match(/\d+(\.\d+)?/g));
  };
  expect(figures(texts.en).flat().length).toBeGreaterThan(10);
  expect(figures(texts.ko)).toEqual(figures(texts.en));
});

test.each(languages)("the README in %s links only to existing files and sections", (language) => {
  const files = [...texts[language].matchAll(/\]\(((?!https:)[^)#\s]+)/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(30);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  const anchors = [...texts[language].matchAll(/(docs\/guide\.\w\w\.md)#([\d.]+)/g)];
  for (const [, file = "", section] of anchors)
    expect(readFileSync(join(ROOT, file), "utf8")).toContain(`<a id="${section}"></a>`);
});

test("the quick start has eight lines, and the lab has two commands", () => {
  const [quickStart = "", lab = ""] = blocks(texts.en);
  expect(quickStart.split("\n")).toHaveLength(8);
  expect(lab.split("\n").map((line) => line.split(/ +#/)[0])).toEqual(["npm run lab", "npm test"]);
});

test("every npm script and mesh command in the README exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const run = [...texts.en.matchAll(/npm run ([\w:]+)(?: -- ([\w-]+))?/g)];
  for (const [, script = "", command] of run) {
    expect(scripts).toHaveProperty([script]);
    if (script === "mesh" && command !== undefined) expect(commandNames).toContain(command);
  }
});
