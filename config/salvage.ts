import { isDeepStrictEqual } from "node:util";
import type * as z from "zod";
import { pathText, schemaProblems } from "./problems.ts";

type Path = readonly PropertyKey[];
type Tree = Record<PropertyKey, unknown>;

/** The valid parts of a value, and all errors in it. */
export interface Salvaged<Data> {
  /** The value without its invalid parts; undefined if too little is left. */
  readonly data: Data | undefined;
  /** One line each. */
  readonly problems: string[];
  /** Whether a part below this path was invalid and is missing in `data`. */
  readonly lacks: (...path: Path) => boolean;
  /** Whether an error may only be caused by a missing part. */
  readonly isConsequence: (line: string) => boolean;
}

/** Each round finds errors that invalid parts have hidden in the round before. */
const MOST_ROUNDS = 20;

/**
 * Parses a value repeatedly, each time without its invalid parts, so that one run reports all mistakes: a schema's
 * checks across fields, and everything that uses its result, only run for valid values.
 *
 * @param standIns replacements for required parts, by path; arrays with such parts keep their length
 */
export function salvage<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
  standIns: (path: Path) => unknown,
): Salvaged<z.output<Schema>> {
  const missing: Path[] = [];
  const isConsequence = (line: string) => missing.some((path) => concernsPart(line, path));
  const lacks = (...above: Path) => missing.some((path) => isDeepStrictEqual(path.slice(0, above.length), above));
  const problems: string[] = [];
  const left = structuredClone(raw);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    // Disable zod's compiled parsers, because compiling takes longer than parsing a config once.
    const { success, data, error } = schema.safeParse(left, { reportInput: true, jitless: true });
    if (success) return { data, problems, lacks, isConsequence };
    const found = schemaProblems(error);
    problems.push(...(round === 0 ? found : found.filter((line) => !isConsequence(line) && !problems.includes(line))));
    for (const issue of error.issues) {
      if (issue.code !== "unrecognized_keys") missing.push(remove(left, issue.path, standIns));
      else for (const key of issue.keys) remove(left, [...issue.path, key], standIns);
    }
  }
  return { data: undefined, problems, lacks, isConsequence };
}

/** Whether an error concerns the parent of a missing part, or names the part. */
function concernsPart(line: string, missing: Path): boolean {
  const [parent, key] = [pathText(missing.slice(0, -1)), String(missing.at(-1))];
  const [place = ""] = line.split(": ");
  if ([".", "["].some((next) => pathText(missing).startsWith(place + next))) return true;
  return line.includes(parent) && line.split(/[^\w-]+/).includes(key);
}

/** Removes a part, or its parent if the part is already missing. @returns the removed path */
function remove(tree: unknown, path: Path, standIns: (path: Path) => unknown): Path {
  const [key] = path.slice(-1);
  const parent = path.slice(0, -1).reduce((part: unknown, step) => (part as Tree | undefined)?.[step], tree);
  if (key === undefined) return path;
  const standIn = standIns(path);
  if (typeof parent !== "object" || parent === null) return remove(tree, path.slice(0, -1), standIns);
  if (standIn !== undefined) (parent as Tree)[key] = standIn;
  else if (!Object.hasOwn(parent, key)) return remove(tree, path.slice(0, -1), standIns);
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Tree)[key];
  return path;
}
