// How a tool is built if there is no release. It is data, so that a change of it changes the cache key.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { goArch } from "./versions.ts";

export type Recipe =
  | {
      readonly kind: "go build";
      /** Folder with go.mod, go.sum and, if the main package is ours, main.go. */
      readonly module: string;
      /** Package path of each program. */
      readonly programs: Readonly<Record<string, string>>;
      /** `-X` settings: variable to value. */
      readonly variables?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "go module";
      readonly module: string;
      /** The required module from which files are copied. */
      readonly from: string;
      /** Files and folders by their path in that module. */
      readonly copies: Readonly<Record<string, string>>;
      /**
       * Replacements in copied files, like those that the project's release process makes: file to [pattern,
       * replacement] pairs.
       */
      readonly edits?: Readonly<Record<string, readonly (readonly [string, string])[]>>;
    }
  | {
      readonly kind: "python wheel";
      /** Folder with a requirements.txt that contains hashes. */
      readonly module: string;
      readonly copies: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "script";
      readonly name: string;
      readonly text: string;
    };

/** A hash of everything that could change the result. */
export function recipeHash(recipes: readonly Recipe[]): string {
  const withoutFolder = recipes.map((recipe) => ({ ...recipe, module: undefined }));
  const hash = createHash("sha256").update(JSON.stringify([goArch, withoutFolder]));
  for (const recipe of recipes) {
    if (recipe.kind === "script") continue;
    const { module } = recipe;
    for (const name of filesOf(module)) hash.update(`\0${name}\0`).update(readFileSync(join(module, name)));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Paths in `folder` of all files below it, sorted. */
function filesOf(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}
