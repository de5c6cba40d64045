/** Facts about the mesh that the rules need. */
export interface MeshFacts {
  /** DNS domain of the clusters' Services. @default cluster.local */
  readonly clusterDomain?: string;
  /** Networks of all clusters. @default none */
  readonly networks?: readonly string[];
  /** Namespaces that every istiod must see. @default none */
  readonly namespaces?: readonly string[];
}

export interface ValueRule {
  /** Keys from the outermost to the innermost. */
  readonly path: readonly string[];
  /** Whether a value is acceptable. An absent value always is; null removes the chart's default. */
  readonly holds: (value: unknown, facts: MeshFacts) => boolean;
  /** Effect of an unacceptable value. */
  readonly does: string;
  /** Remedy. @default remove it */
  readonly fix?: string;
}

type Allowed = readonly unknown[] | ValueRule["holds"];

export const rule = (path: string, allowed: Allowed, does: string, fix?: string): ValueRule => ({
  path: path.split("."),
  holds: orNull(path, typeof allowed === "function" ? allowed : (value) => allowed.includes(value), allowed),
  does,
  ...(fix !== undefined && { fix }),
});

/** Also accepts null, which means absent. Not for keys with a chart default that the mesh needs. */
const orNull =
  (path: string, holds: ValueRule["holds"], allowed: Allowed): ValueRule["holds"] =>
  (value, facts) =>
    value === null
      ? /^(meshConfig|env)\./.test(path) || `${allowed}` === "" || NOTHINGS.some((nothing) => holds(nothing, facts))
      : holds(value, facts);
const NOTHINGS = ["", false, [], {}];

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
