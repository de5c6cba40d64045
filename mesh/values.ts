/** Values of a Helm chart. */
export type Values = { readonly [key: string]: unknown };

function isTable(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The program's own values with more added. Tables merge key by key, lists are joined, anything else may not differ.
 *
 * @throws Error that names every key where `more` contradicts `own`
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

/** Paths such as `global.meshID` at which `more` wants something else than `own`. */
export function valueConflicts(own: Values, more: Values, prefix = ""): string[] {
  return Object.entries(more).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const mine = own[key];
    if (mine === undefined || mine === value) return [];
    if (isTable(mine) && isTable(value)) return valueConflicts(mine, value, `${path}.`);
    return Array.isArray(mine) && Array.isArray(value) ? [] : [path];
  });
}
