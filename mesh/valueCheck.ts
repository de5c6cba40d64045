// Checks Helm values from the config against the rules for the charts.
import type { MeshFacts, ValueRule } from "./valueRule.ts";
import { valueRules } from "./valueRules.ts";
import { isTable, type Values } from "./values.ts";

/** A Helm value that would break the mesh. */
export interface BrokenRule extends Pick<ValueRule, "does"> {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly fix: string;
}

/** Tables with arbitrary keys. */
const FREE_KEYS = ["env", "proxyMetadata", "templates"];

/**
 * Values that break a rule on which other parts of the program depend, each with its path, the value, its effect, and
 * the remedy.
 */
export function brokenRules(chart: "base" | "istiod", values: Values, facts: MeshFacts): BrokenRule[] {
  // The chart istiod merges everything below `pilot` into its values (templates/zzy_descope_legacy.yaml).
  const places = chart === "istiod" ? [[], ["pilot"]] : [[]];
  const broken = places.flatMap((place) => [
    ...dotted(place, valueRules[chart]),
    ...valueRules[chart].flatMap((rule) => judge([...place, ...rule.path], rule)),
  ]);
  return broken.filter(({ path }, index) => broken.findIndex((other) => `${other.path}` === `${path}`) === index);

  /** Keys with dots such as `global.meshID`, in the notation of `--set`, for which the chart has tables. */
  function dotted(place: readonly string[], rules: readonly ValueRule[]): BrokenRule[] {
    const prefixes = rules.flatMap(({ path }) => path.slice(0, -1).map((_, end) => path.slice(0, end + 1)));
    const tables = [[], ...prefixes].filter((path) => !FREE_KEYS.includes(path.at(-1) ?? ""));
    return tables.flatMap((below) => {
      const path = [...place, ...below];
      const table = path.reduce<unknown>((part, key) => (isTable(part) ? part[key] : undefined), values);
      const keys = isTable(table) ? Object.keys(table).filter((key) => key.includes(".")) : [];
      return keys.map((key) => ({
        path: [...path, key],
        value: (table as Values)[key],
        does: "keys with dots have no effect in values files",
        fix: "nest a table for each dot",
      }));
    });
  }

  function judge(path: readonly string[], { holds, does, fix = "remove it" }: ValueRule): BrokenRule[] {
    let value: unknown = values;
    for (const [depth, key] of path.entries()) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return [{ path: path.slice(0, depth), value, does: "must be a table of values", fix: "give one or remove it" }];
      }
      value = (value as Values)[key];
      if (value === undefined) return [];
      if (value === null && holds(null, facts)) return [];
      if (value !== null) continue;
      const isLeaf = depth === path.length - 1;
      return [
        { path: path.slice(0, depth + 1), value, fix, does: isLeaf ? does : "removes the chart's values below it" },
      ];
    }
    return holds(value, facts) ? [] : [{ path, value, does, fix }];
  }
}
