// Changes of a stack file, as `pulumi config` makes them.
import { PROJECT } from "./raw.ts";

export type Path = readonly (string | number)[];

export type Edit =
  | { readonly is: "set"; readonly path: Path; readonly value: string; readonly secret: boolean }
  /** Into a list, before what is there. */
  | { readonly is: "insert"; readonly path: Path; readonly value: Readonly<Record<string, unknown>> }
  | { readonly is: "remove"; readonly path: Path };

/** Values of a stack's config, without the prefix of its keys. */
export type Values = Readonly<Record<string, unknown>>;

export const set = (path: Path, value: string | number | boolean, secret = false): Edit => ({
  is: "set",
  path,
  value: String(value),
  secret,
});

/** A path as `pulumi config --path` reads it. */
export function keyOf([key, ...path]: Path): string {
  const part = (step: string | number) =>
    typeof step === "number" ? `[${step}]` : /^[\w-]+$/.test(step) ? `.${step}` : `["${step.replaceAll('"', '\\"')}"]`;
  return `${PROJECT}:${key}${path.map(part).join("")}`;
}

type Table = Readonly<Record<string, unknown>>;

export const isTable = (part: unknown): part is Table =>
  typeof part === "object" && part !== null && !Array.isArray(part);
export const isSecure = (part: unknown) => isTable(part) && typeof part.secure === "string";

export const at = (tree: unknown, path: Path): unknown =>
  path.reduce<unknown>((part, step) => (part as Record<string | number, unknown> | null | undefined)?.[step], tree);

/** What `pulumi config set --path` makes of a text. */
function typed(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  return /^(0|-?[1-9]\d*)$/.test(value) ? Number(value) : value;
}

/** The same values after these changes. @throws Error with the key of a part that is a text, of which Pulumi sets no part */
export function edited(values: Table, edits: readonly Edit[]): Table {
  const tree = structuredClone(values);
  for (const edit of edits) {
    let part = tree as Record<string | number, unknown>;
    for (const [depth, step] of edit.path.slice(0, -1).entries()) {
      part[step] ??= typeof edit.path[depth + 1] === "number" ? [] : {};
      const next = part[step];
      if (typeof next !== "object" || isSecure(next)) throw new Error(keyOf(edit.path.slice(0, depth + 1)));
      part = next as typeof part;
    }
    const last = edit.path.at(-1) ?? "";
    if (edit.is === "set") part[last] = typed(edit.value);
    else if (edit.is === "insert") (part as unknown as unknown[]).splice(Number(last), 0, edit.value);
    else if (Array.isArray(part)) part.splice(Number(last), 1);
    else delete part[last];
  }
  return tree;
}
