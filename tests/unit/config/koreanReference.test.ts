// docs/config.ko.md has a Korean text for each setting, and no unused ones.
import { expect, test } from "vitest";
import { defaultOf, fields, koreanKeyOf } from "../../../config/reference.ts";
import { defaultsKo } from "../../../i18n/configDefaultsKo.ts";
import { descriptionsKo } from "../../../i18n/configKo.ts";

const described = fields().filter(({ schema }) => schema.description);

test("every setting has a Korean description (i18n/configKo.ts)", () => {
  expect(described.length).toBeGreaterThan(200);
  expect(described.filter(({ path }) => koreanKeyOf(path) === undefined).map(({ path }) => path)).toEqual([]);
});

test("every Korean description belongs to a setting", () => {
  const used = new Set(described.map(({ path }) => koreanKeyOf(path)));
  expect(Object.keys(descriptionsKo).filter((key) => !used.has(key))).toEqual([]);
});

test("settings with different English descriptions have different Korean ones", () => {
  const byKorean = new Map<string, Set<string>>();
  for (const { path, schema } of described) {
    const korean = descriptionsKo[koreanKeyOf(path) ?? ""] ?? path;
    byKorean.set(korean, (byKorean.get(korean) ?? new Set()).add(schema.description ?? ""));
  }
  const shared = [...byKorean].filter(([, english]) => english.size > 1);
  expect(shared).toEqual([]);
});

test("every default in words has a Korean translation (i18n/configDefaultsKo.ts)", () => {
  const words = fields()
    .map(defaultOf)
    .filter((text) => /[a-z]{3}/.test(text.replaceAll(/`[^`]*`/g, "")) && !/^(Cluster|Equal)$/.test(text));
  expect(
    [...new Set(words)].filter((text) => defaultsKo[text] === undefined && !/^the release that/.test(text)),
  ).toEqual([]);
});
