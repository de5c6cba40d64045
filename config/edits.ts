// Edits of a stack file, with the semantics of `pulumi config`.
import { PROJECT } from "./raw.ts";

export type Path = readonly (string | number)[];

export type Edit =
  | { readonly is: "set"; readonly path: Path; readonly value: string; readonly secret: boolean }
  /** Inserts into a list before the given position. */
  | { readonly is: "insert"; readonly path: Path; readonly value: Readonly<Record<string, unknown>> }
  | { readonly is: "remove"; readonly path: Path };

/** Values of a stack's config, without the prefix of the keys. */
export type Values = Readonly<Record<string, unknown>>;

export const set = (path: Path, value: string | number | boolean, secret = false): Edit => ({
  is: "set",
  path,
  value: String(value),
  secret,
});

/** A path in the syntax of `pulumi config --path`. */
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

/** The value that `pulumi config set --path` derives from a text. */
function typed(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  return /^(0|-?[1-9]\d*)$/.test(value) ? Number(value) : value;
}

/**
 * The values after these edits.
 *
 * @param isWritten whether the values are those of the stack file, in which secrets are encrypted @default false
 * @throws Error with the key if an edit sets a part of a text, which Pulumi cannot do
 */
export function edited(values: Table, edits: readonly Edit[], isWritten = false): Table {
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
    if (edit.is === "set") part[last] = isWritten && edit.secret ? { secure: "" } : typed(edit.value);
    else if (edit.is === "insert") (part as unknown as unknown[]).splice(Number(last), 0, edit.value);
    else if (Array.isArray(part)) part.splice(Number(last), 1);
    else delete part[last];
  }
  return tree;
}
