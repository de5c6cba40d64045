// Checks the pictures of the Korean documents.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../root.ts";

const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
const docs = readdirSync(join(ROOT, "docs"));
test.each(docs.filter((name) => name.endsWith(".ko.svg")))("%s has the shapes of the English picture", (name) => {
  const textless = (svg: string) => svg.replaceAll(/>[^<>]*<\/(text|title)>/g, "></$1>");
  const [korean, english] = [read(`docs/${name}`), read(`docs/${name.replace(".ko", "")}`)];
  expect(textless(korean)).toBe(textless(english));
  const texts = [...korean.matchAll(/>([^<>]*)<\/text>/g)].map(([, text = ""]) => text);
  const names = /^[\w, :.-]*$/;
  const untranslated = texts.filter((text) => names.test(text) && text.split(" ").length > 4);
  expect(untranslated).toEqual([]);
});
