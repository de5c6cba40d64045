// The package exports every component that the program uses.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "../../root.ts";

const sourceOf = (file: string) =>
  ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest);

/** Names that a file imports from `components/`. `* as k8s` is another package. */
function importsOf(file: string): string[] {
  return sourceOf(file).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const { namedBindings } = statement.importClause ?? {};
    const isComponent = statement.moduleSpecifier.text.includes("/components/");
    return isComponent && namedBindings && ts.isNamedImports(namedBindings)
      ? namedBindings.elements.map(({ name }) => name.text)
      : [];
  });
}

const exported = new Set(
  sourceOf("components/index.ts").statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  ),
);

const files = ["index.ts", ...readdirSync(join(ROOT, "program")).map((file) => join("program", file))];

test.each(files)("%s imports only components that the package exports", (file) => {
  expect(importsOf(file).filter((name) => !exported.has(name))).toEqual([]);
});

test("exports the arguments of each exported component", () => {
  const components = readdirSync(join(ROOT, "components")).flatMap((file) =>
    [...readFileSync(join(ROOT, "components", file), "utf8").matchAll(/^export interface (\w+)Args\b/gm)].flatMap(
      ([, name = ""]) => (exported.has(name) ? [`${name}Args`] : []),
    ),
  );
  expect(components.filter((name) => !exported.has(name))).toEqual([]);
});
