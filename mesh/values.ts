/** Values of a Helm chart. */
export type Values = { readonly [key: string]: unknown };

export function isTable(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Merges additional values into the program's own. Tables are merged, lists are joined; other values must not differ.
 *
 * @throws Error that names every key in which `more` contradicts `own`
 */
export function mergeValues(own: Values, more: Values): Values {
  const conflicts = valueConflicts(own, more);
  if (conflicts.length > 0) throw new Error(`the program sets ${conflicts.join(", ")} itself`);
  return merge(own, more);
}

function merge(own: Values, more: Values): Values {
  const merged: Record<string, unknown> = { ...own };
  for (const [key, value] of Object.entries(more)) {
    const mine = own[key];
    if (isTable(mine) && isTable(value)) merged[key] = merge(mine, value);
    else if (Array.isArray(mine) && Array.isArray(value)) merged[key] = [...mine, ...value];
    else merged[key] = value;
  }
  return merged;
}

/** Paths such as `global.meshID` in which `more` contradicts `own`. @param lists whether two lists may be joined */
export function valueConflicts(own: Values, more: Values, prefix = "", lists: "join" | "replace" = "join"): string[] {
  return Object.entries(more).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const mine = own[key];
    if (mine === undefined || mine === value) return [];
    if (isTable(mine) && isTable(value)) return valueConflicts(mine, value, `${path}.`, lists);
    return lists === "join" && Array.isArray(mine) && Array.isArray(value) ? [] : [path];
  });
}

/**
 * The same for the chart `istiod`, in which values below `pilot` override those beside it: `pilot.global.meshID` is the
 * same as `global.meshID`, and `env` is the same as `pilot.env`.
 */
export function istiodConflicts(own: Values, more: Values): string[] {
  const { pilot: ofPilot = {}, ...beside } = own as { pilot?: Values };
  const { pilot = {}, ...rest } = more;
  return [
    ...valueConflicts(own, more),
    ...valueConflicts(ofPilot, rest),
    ...(isTable(pilot) ? valueConflicts(beside, pilot, "pilot.", "replace") : []),
  ];
}
