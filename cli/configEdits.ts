// Edits a stack file with `pulumi config`, because only Pulumi can encrypt.
import { at, type Edit, isSecure, isTable, keyOf, type Path } from "../config/edits.ts";
import type { Messages } from "../i18n/messages.ts";
import { insertEntry } from "./insertEntry.ts";
import type { Pulumi, RawConfig } from "./stackConfig.ts";

/** A text to set in the config. */
export type Leaf = Omit<Extract<Edit, { is: "set" }>, "is">;

/**
 * Edits after which a key of the config has exactly these texts. Empty if it already has.
 *
 * @param stays whether another part of the value may stay
 */
export function editsToward(
  key: string,
  leaves: readonly Leaf[],
  { raw, written }: Pick<RawConfig, "raw" | "written">,
  stays: (path: Path) => boolean = () => false,
): Edit[] {
  const isWanted = (path: Path) => leaves.some((leaf) => path.every((step, depth) => leaf.path[depth] === step));
  const surplus = (part: unknown, path: Path): Path[] => {
    if (stays(path)) return [];
    if (!isWanted(path)) return [path];
    return isTable(part) ? Object.entries(part).flatMap(([name, value]) => surplus(value, [...path, name])) : [];
  };
  // Pulumi cannot set a part of a text, encrypted or not.
  const isSettable = leaves.every(({ path }) =>
    path.slice(0, -1).every((_, depth) => {
      const part = at(written, path.slice(0, depth + 1));
      return part === undefined || (isTable(part) && typeof part.secure !== "string");
    }),
  );
  if (!isSettable) return [{ is: "remove", path: [key] }, ...leaves.map((leaf) => ({ is: "set" as const, ...leaf }))];
  const missing = leaves.filter(
    ({ path, value, secret }) => at(raw, path) !== value || isSecure(at(written, path)) !== secret,
  );
  return [
    // Set values first: if the passphrase is missing, this fails before anything is removed.
    ...missing.map((leaf) => ({ is: "set" as const, ...leaf })),
    ...(raw[key] === undefined ? [] : surplus(raw[key], [key]).map((path) => ({ is: "remove" as const, path }))),
  ];
}

/**
 * Applies edits one after the other, because each rewrites the whole file. Values are passed by standard input, because
 * other users can read arguments.
 */
export async function applyEdits(
  edits: readonly Edit[],
  target: readonly string[],
  pulumi: Pulumi,
  { pulumiFor }: Pick<Messages, "pulumiFor">,
): Promise<void> {
  for (const edit of edits) {
    const args = (verb: string, ...options: string[]) => [
      "config",
      verb,
      "--path",
      ...options,
      keyOf(edit.path),
      ...target,
    ];
    if (edit.is === "remove") await pulumi(args("rm"), pulumiFor.write);
    else if (edit.is === "insert") insertEntry(target[3] ?? "", edit);
    // Pulumi removes one trailing line break.
    else await pulumi(args("set", edit.secret ? "--secret" : "--plaintext"), pulumiFor.write, `${edit.value}\n`);
  }
}

/**
 * Applies all `set` edits in one atomic write, and then the other edits one by one. Values must not be secret, because
 * they are arguments of `pulumi`.
 */
export async function applyTogether(
  edits: readonly Edit[],
  target: readonly string[],
  pulumi: Pulumi,
  messages: Pick<Messages, "pulumiFor">,
): Promise<void> {
  const set = edits.flatMap((edit) =>
    edit.is === "set" && !edit.secret ? ["--plaintext", `${keyOf(edit.path)}=${edit.value}`] : [],
  );
  if (set.length > 0) await pulumi(["config", "set-all", "--path", ...set, ...target], messages.pulumiFor.write);
  const others = edits.filter((edit) => edit.is !== "set" || edit.secret);
  await applyEdits(others, target, pulumi, messages);
}
