// Inserts an entry into a list of a stack file, which `pulumi config` cannot do.
import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { isSeq, parseDocument } from "yaml";
import { type Edit, keyOf } from "../config/edits.ts";
import { PROJECT } from "../config/raw.ts";

/**
 * Writes the file atomically. Comments and encrypted values stay unchanged: an encrypted value does not depend on its
 * position.
 *
 * @throws Error with the key if the file has no such list
 */
export function insertEntry(path: string, { path: [key, ...steps], value }: Extract<Edit, { is: "insert" }>): void {
  // Follow links, so that a link stays a link.
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
