// Helm values of people's own, judged by what the charts make of them.
import { type MeshFacts, type ValueRule, valueRules } from "./valueRules.ts";
import type { Values } from "./values.ts";

/** A value that would break the mesh. */
export interface BrokenRule extends Pick<ValueRule, "does"> {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly fix: string;
}

/** Values that other parts of the program depend on, each with its path, the value, what it would do, and what to do about it. */
export function brokenRules(chart: "base" | "istiod", values: Values, facts: MeshFacts): BrokenRule[] {
  // The chart istiod takes all below `pilot` for values of its own (templates/zzy_descope_legacy.yaml).
  const places = chart === "istiod" ? [[], ["pilot"]] : [[]];
  const broken = places.flatMap((place) => valueRules[chart].flatMap((rule) => judge([...place, ...rule.path], rule)));
  return broken.filter(({ path }, index) => broken.findIndex((other) => `${other.path}` === `${path}`) === index);

  function judge(path: readonly string[], { holds, does, fix = "remove it" }: ValueRule): BrokenRule[] {
    let value: unknown = values;
    for (const [depth, key] of path.entries()) {
      if (typeof value !== "object" || Array.isArray(value)) {
        return [{ path: path.slice(0, depth), value, does: "must be a table of values", fix: "give one or remove it" }];
      }
      value = (value as Values)[key];
      if (value === undefined || value === null) return [];
    }
    return holds(value, facts) ? [] : [{ path, value, does, fix }];
  }
}
