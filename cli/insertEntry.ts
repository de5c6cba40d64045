// A new entry in a list of a stack file. `pulumi config` sets, and removes, but does not insert.
import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { isSeq, parseDocument } from "yaml";
import { type Edit, keyOf } from "../config/edits.ts";
import { PROJECT } from "../config/raw.ts";

/**
 * In one write, which is there or not after a kill. Comments, and what is encrypted, stay as they are: a secret is bound to no place.
 *
 * @throws Error with the key where the file has no such list
 */
export function insertEntry(path: string, { path: [key, ...steps], value }: Extract<Edit, { is: "insert" }>): void {
  // A link stays one.
  const file = realpathSync(path);
  const document = parseDocument(readFileSync(file, "utf8"));
  const index = Number(steps.at(-1));
  const list = document.getIn(["config", `${PROJECT}:${key}`, ...steps.slice(0, -1)]);
  if (!isSeq(list)) throw new Error(keyOf([key ?? "", ...steps.slice(0, -1)]));
  list.items.splice(index, 0, document.createNode(value));
  const next = `${file}.${process.pid}.next`;
  writeFileSync(next, document.toString({ lineWidth: 0 }), { mode: statSync(file).mode });
  renameSync(next, file);
}
