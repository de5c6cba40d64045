/** What the values have to leave whole. */
export interface MeshFacts {
  /** DNS domain of the clusters' Services. @default cluster.local */
  readonly clusterDomain?: string;
  /** Networks of all clusters. @default none */
  readonly networks?: readonly string[];
  /** Namespaces that every istiod must see. @default none */
  readonly namespaces?: readonly string[];
}

export interface ValueRule {
  /** Keys, from the outermost. */
  readonly path: readonly string[];
  /** Whether a value leaves the mesh whole. An absent one always does; null takes the chart's own default away. */
  readonly holds: (value: unknown, facts: MeshFacts) => boolean;
  /** What any other value does. */
  readonly does: string;
  /** What to do about it. @default remove it */
  readonly fix?: string;
}

type Allowed = readonly unknown[] | ValueRule["holds"];

export const rule = (path: string, allowed: Allowed, does: string, fix?: string): ValueRule => ({
  path: path.split("."),
  holds: orNull(path, typeof allowed === "function" ? allowed : (value) => allowed.includes(value), allowed),
  does,
  ...(fix !== undefined && { fix }),
});

/** Null is as good as nothing, unless the chart has a default there and the mesh needs it. */
const orNull =
  (path: string, holds: ValueRule["holds"], allowed: Allowed): ValueRule["holds"] =>
  (value, facts) =>
    value === null
      ? /^(meshConfig|env)\./.test(path) || `${allowed}` === "" || NOTHINGS.some((nothing) => holds(nothing, facts))
      : holds(value, facts);
const NOTHINGS = ["", false, [], {}];

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
