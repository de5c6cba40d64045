import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../root.ts";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

test("docs/dependencies.md lists exactly the dependencies of package.json, which are pinned to exact versions", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const [, program = "", rest = ""] = read("docs/dependencies.md").split(/^## /m);
  const listed = (part: string) => [...part.matchAll(/^\| `([^`]+)` +\| \S/gm)].map(([, name]) => name).toSorted();
  expect(listed(program)).toEqual(Object.keys(dependencies).toSorted());
  expect(listed(rest)).toEqual(Object.keys(devDependencies).toSorted());
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
