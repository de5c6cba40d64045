// The states of a root rotation: phases in csp-mesh:rootRotation.phase, and at the end csp-mesh:ca. Pure.
import { at, type Edit, isTable, type Path, set, type Values } from "../config/edits.ts";
import type { RecordOf } from "../config/operationSchema.ts";

const FORWARD = ["trust", "issue", "renew", "drop", "done"] as const;

export interface RootState {
  readonly id: "root";
  /** `done`: `ca` has the new settings. */
  readonly phase: (typeof FORWARD)[number];
  readonly generation: number;
}

export const rootStates = ({ generation }: RecordOf<"rotate-root" | "distrust">): readonly RootState[] =>
  FORWARD.map((phase) => ({ id: "root", phase, generation }));

const PHASE = ["rootRotation", "phase"];
/** `withdraw` exists only when going back, from a mesh that signs with the new root to one that trusts both. */
const ORDER: readonly string[] = ["prepared", "trust", "withdraw", "issue", "renew", "drop"];
const sourceOf = (ca: unknown) => at(ca, ["source"]) ?? "generated";
const generationOf = ({ ca }: Values) => Number(at(ca, ["rootGeneration"]) ?? 1);
const phaseIn = (values: Values) => String(at(values, PHASE) ?? "prepared");

/** @returns the number of the new root; undefined if it must be in the config but is missing */
export function nextGeneration(values: Values): number | undefined {
  if (at(values, ["rootRotation", "ca"]) === undefined && sourceOf(values.ca) !== "generated") return undefined;
  return sourceOf(values.ca) === "intermediates" ? 2 : generationOf(values) + 1;
}

/** Edits that make the config declare a phase; none if it already declares this or a later phase. */
export function rootEdits({ phase, generation }: RootState, values: Values): readonly Edit[] {
  if (phase === "done") return doneEdits(generation, values);
  return ORDER.indexOf(phaseIn(values)) < ORDER.indexOf(phase) && !isDone(generation, values)
    ? [set(PHASE, phase)]
    : [];
}

/** @returns undefined if the config already has only the new root */
export function rootUndo({ phase, generation }: RootState, values: Values): readonly Edit[] | undefined {
  const now = phaseIn(values);
  if (now === "drop" || isDone(generation, values)) return undefined;
  switch (phase) {
    case "drop":
    case "done":
      return [];
    case "renew":
      // Both phases change to `withdraw`. The following step replaces the leaves that istiods have signed meanwhile.
      return ["issue", "renew"].includes(now) ? [set(PHASE, "withdraw")] : [];
    case "issue":
      return now === "withdraw" ? [set(PHASE, "trust")] : [];
    case "trust":
      if (now !== "trust") return [];
      // Keep settings of a new root that a person has written.
      return [{ is: "remove", path: at(values, ["rootRotation", "ca"]) === undefined ? ["rootRotation"] : PHASE }];
  }
}

/** Whether `ca` has the new settings, or some of them, because a run may have been killed between two writes. */
function isDone(generation: number, values: Values): boolean {
  const { ca, rootRotation: rotation } = values;
  const next = at(rotation, ["ca"]);
  if (rotation === undefined) return sourceOf(ca) === "intermediates" || generationOf(values) >= generation;
  return sourceOf(next) === "intermediates"
    ? sourceOf(ca) === "intermediates" && at(ca, ["root"]) === at(next, ["root"])
    : sourceOf(ca) !== "intermediates" && generationOf(values) >= generation;
}

function doneEdits(generation: number, values: Values): readonly Edit[] {
  const { ca = {}, rootRotation: rotation } = values;
  if (rotation === undefined) return [];
  const last: Edit = { is: "remove", path: ["rootRotation"] };
  const next = at(rotation, ["ca"]);
  const number = set(["ca", "rootGeneration"], generation);
  if (next === undefined) return [number, last];
  const wanted = leavesOf(next, ["ca"]);
  const has = (path: Path) => wanted.some(({ path: other }) => path.every((step, depth) => other[depth] === step));
  const own = sourceOf(next) === "intermediates" ? [] : [number];
  const surplus = (part: unknown, path: Path): Path[] => {
    if (own.some((edit) => edit.path.join() === path.join())) return [];
    if (!has(path)) return [path];
    return isTable(part) ? Object.entries(part).flatMap(([key, value]) => surplus(value, [...path, key])) : [];
  };
  return [
    ...own,
    ...wanted
      .filter(({ path }) => path.join() !== "ca,rootGeneration")
      .map(({ path, value }) => set(path, value, path.at(-1) === "key")),
    ...(isTable(ca) ? Object.entries(ca) : []).flatMap(([key, value]) =>
      surplus(value, ["ca", key]).map((path): Edit => ({ is: "remove", path })),
    ),
    ...(sourceOf(next) === "intermediates" ? withoutGenerations(values) : []),
    last,
  ];
}

/** Intermediates in the config have no number: another certificate is another intermediate. */
const withoutGenerations = ({ clusters }: Values): Edit[] =>
  (Array.isArray(clusters) ? clusters : []).flatMap((entry, index): Edit[] =>
    at(entry, ["caGeneration"]) === undefined ? [] : [{ is: "remove", path: ["clusters", index, "caGeneration"] }],
  );

function leavesOf(part: unknown, path: Path): { readonly path: Path; readonly value: string }[] {
  return isTable(part)
    ? Object.entries(part).flatMap(([key, value]) => leavesOf(value, [...path, key]))
    : [{ path, value: String(part) }];
}
