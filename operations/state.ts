// The states that an operation declares in the stack file, one after the other. Pure.
import { at, type Edit, type Path } from "../config/edits.ts";
import type { OperationRecord, RecordOf } from "../config/operationSchema.ts";
import { reviewsVersion } from "../mesh/reviewsVersion.ts";

/** Values of a stack's config, without the prefix of its keys. */
export type Values = Readonly<Record<string, unknown>>;

export type State = { readonly cluster: string } & (
  | { readonly id: "token"; readonly generation: number }
  | { readonly id: "leaving" }
  | { readonly id: "removed" }
);

/** @returns what an operation takes the mesh through, always the same for one record */
export function statesOf(record: OperationRecord): readonly State[] {
  switch (record.kind) {
    case "rotate-tokens":
      return record.tokens.map((token) => ({ id: "token", ...token }));
    case "remove":
      return (["leaving", "removed"] as const).map((id) => ({ id, cluster: record.cluster }));
  }
}

interface Entry {
  readonly name?: unknown;
  readonly state?: unknown;
  readonly tokenGeneration?: unknown;
  readonly sampleVersion?: unknown;
}

/** What makes the config declare a state: nothing where it does, so that a run that was killed can be repeated. */
export function editsFor(state: State, values: Values): readonly Edit[] {
  const entries = (Array.isArray(values.clusters) ? values.clusters : []) as readonly (Entry | null)[];
  const index = entries.findIndex((entry) => entry?.name === state.cluster);
  const entry = entries[index];
  switch (state.id) {
    case "token":
      return !entry || Number(entry.tokenGeneration ?? 1) >= state.generation
        ? []
        : [set(["clusters", index, "tokenGeneration"], state.generation)];
    case "leaving":
      return !entry || ["leaving", "gone"].includes(String(entry.state))
        ? []
        : [set(["clusters", index, "state"], "leaving")];
    case "removed":
      return [
        ...(entry ? [...pins(entries, index), { is: "remove", path: ["clusters", index] } as const] : []),
        ...intermediate(state.cluster, values),
      ];
  }
}

export const set = (path: Path, value: string | number): Edit => ({
  is: "set",
  path,
  value: String(value),
  secret: false,
});

/** The versions of the sample in the clusters behind an entry, which would follow from another place without it. */
const pins = (entries: readonly (Entry | null)[], gone: number): Edit[] =>
  entries.flatMap((entry, index) =>
    index <= gone || entry?.sampleVersion !== undefined
      ? []
      : [set(["clusters", index, "sampleVersion"], reviewsVersion(index))],
  );

/** One of a cluster that the mesh has not is refused. */
function intermediate(cluster: string, values: Values): Edit[] {
  const path = ["ca", "intermediates", cluster];
  return at(values, path) === undefined ? [] : [{ is: "remove", path }];
}

/** The command that walks an operation, as it is typed. */
export const commandOf = ({ kind, cluster }: Pick<OperationRecord, "kind" | "cluster">): string =>
  `npm run mesh -- ${kind}${cluster === undefined ? "" : ` ${cluster}`}`;

/** What writes a record. It is one write, because half of a record would be refused. */
export function recordEdits(record: OperationRecord): Edit[] {
  const leaves = (part: unknown, path: Path): Edit[] =>
    typeof part === "object" && part !== null
      ? Object.entries(part).flatMap(([key, value]) =>
          leaves(value, [...path, Array.isArray(part) ? Number(key) : key]),
        )
      : part === undefined
        ? []
        : [set(path, part as string | number)];
  return leaves(record, ["operation"]);
}

export const isSame = (a: Pick<OperationRecord, "kind" | "cluster">, b: Pick<OperationRecord, "kind" | "cluster">) =>
  a.kind === b.kind && a.cluster === b.cluster;

/** Tokens of the clusters that others watch, each raised by one: the record holds what they become, so that none is raised twice. */
export function tokenRotation(
  clusters: readonly { readonly name: string; readonly isStaying: boolean; readonly tokenGeneration: number }[],
  cluster?: string,
): RecordOf<"rotate-tokens"> {
  return {
    kind: "rotate-tokens",
    ...(cluster !== undefined && { cluster }),
    tokens: clusters
      .filter(({ name, isStaying }) => (cluster === undefined ? isStaying : name === cluster))
      .map(({ name, tokenGeneration }) => ({ cluster: name, generation: tokenGeneration + 1 })),
    reached: 0,
  };
}
