// Checks the register of the Korean documents, and their pictures.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../root.ts";

const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
const docs = readdirSync(join(ROOT, "docs"));
const pages = ["README.ko.md", ...docs.filter((name) => name.endsWith(".ko.md")).map((name) => `docs/${name}`)];

/** Endings of other registers than 한다체, and words for which there is a technical term (접속하다, 자동으로, 작업 머신). */
const WORDS =
  /(습|합|입|됩|줍|킵|납|립)니다|십시오|하세요|할 것[.,]|닿(다|는|지|아|을)|저절로|컴퓨터|\(으로\)|이\(가\)|은\(는\)|을\(를\)/;

test.each(pages)("%s is written in 한다체 and in the terms of the other pages", (page) => {
  const prose = read(page)
    .replaceAll(/^```.*?^```$/gms, "")
    .replaceAll(/`[^`]*`/g, "");
  expect(prose.split("\n").filter((line) => WORDS.test(line))).toEqual([]);
});

test.each(docs.filter((name) => name.endsWith(".ko.svg")))("%s is the English picture, with Korean words", (name) => {
  const textless = (svg: string) => svg.replaceAll(/>[^<>]*<\/(text|title)>/g, "></$1>");
  const [korean, english] = [read(`docs/${name}`), read(`docs/${name.replace(".ko", "")}`)];
  expect(textless(korean)).toBe(textless(english));
  const texts = [...korean.matchAll(/>([^<>]*)<\/text>/g)].map(([, text = ""]) => text);
  const names = /^[\w, :.-]*$/;
  const untranslated = texts.filter((text) => names.test(text) && text.split(" ").length > 4);
  expect(untranslated).toEqual([]);
});
