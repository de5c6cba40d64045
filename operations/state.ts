// The states that an operation declares in the stack file, one after the other. Pure.
import { at, type Edit, isTable, type Path, set, type Values } from "../config/edits.ts";
import { tagFor } from "../config/istioOfClusters.ts";
import type { OperationRecord, RecordOf } from "../config/operationSchema.ts";
import { reviewsVersion } from "../mesh/reviewsVersion.ts";
import { type RootState, rootEdits, rootStates, rootUndo } from "./rootStates.ts";
import { hasNewVersion, type IstioState, istioEdits, levels, undone } from "./upgrade.ts";

export type ClusterState = { readonly cluster: string } & (
  | { readonly id: "token" | "intermediate"; readonly generation: number }
  | ({ readonly id: "joined" } & Pick<RecordOf<"add">, "position" | "entry" | "samples">)
  | { readonly id: "leaving" }
  | { readonly id: "removed" }
  | IstioState
  /** Restarts workloads with older proxies; the config does not change. */
  | { readonly id: "workloads"; readonly to: string }
  /** All clusters have the new version. */
  | { readonly id: "upgraded"; readonly from: string; readonly to: string }
);
export type State = ClusterState | RootState;

/** @returns the states of an operation, always the same for one record */
export function statesOf(record: OperationRecord): readonly State[] {
  switch (record.kind) {
    case "rotate-tokens":
      return record.tokens.map((token) => ({ id: "token", ...token }));
    case "renew-intermediates":
      return record.intermediates.map((each) => ({ id: "intermediate", ...each }));
    case "add": {
      const { cluster, position, entry, samples } = record;
      return [{ id: "joined", cluster, position, entry, samples }];
    }
    case "rotate-root":
    case "distrust":
      return rootStates(record);
    case "remove":
      return (["leaving", "removed"] as const).map((id) => ({ id, cluster: record.cluster }));
    case "upgrade":
      return upgradeStates(record);
  }
}

function upgradeStates({ from, to, clusters, restartWorkloads }: RecordOf<"upgrade">): State[] {
  const all = [0, ...levels(from, to)] as const;
  const inCluster = (cluster: string): State[] =>
    levels(from, to).flatMap((level, index): State[] => {
      const before = all[index] ?? 0;
      const state = { id: "istio", cluster, level, before, from, to } as const;
      // Before the second istiod is deleted, because it may serve these workloads as well.
      return hasNewVersion(level) && !hasNewVersion(before) && restartWorkloads
        ? [state, { id: "workloads", cluster, to }]
        : [state];
    });
  return [...clusters.flatMap(inCluster), { id: "upgraded", cluster: "", from, to }];
}

interface Entry {
  readonly name?: unknown;
  readonly state?: unknown;
  readonly tokenGeneration?: unknown;
  readonly caGeneration?: unknown;
  readonly sampleVersion?: unknown;
  readonly istio?: unknown;
}

function entryOf(cluster: string, values: Values) {
  const entries = (Array.isArray(values.clusters) ? values.clusters : []) as readonly (Entry | null)[];
  const index = entries.findIndex((entry) => entry?.name === cluster);
  return { entries, index, entry: entries[index] };
}

/** Edits that make the config declare a state. None if it already does, so that a killed run can be repeated. */
export function editsFor(state: State, values: Values): readonly Edit[] {
  if (state.id === "root") return rootEdits(state, values);
  const { entries, index, entry } = entryOf(state.cluster, values);
  switch (state.id) {
    case "token":
    case "intermediate": {
      const field = state.id === "token" ? "tokenGeneration" : "caGeneration";
      return !entry || Number(entry[field] ?? 1) >= state.generation
        ? []
        : [set(["clusters", index, field], state.generation)];
    }
    case "joined":
      return [
        ...kept(state.samples ?? [], entries),
        ...(entry || !state.entry ? [] : [joining(state, entries.length)]),
      ];
    case "leaving":
      return !entry || ["leaving", "gone"].includes(String(entry.state))
        ? []
        : [set(["clusters", index, "state"], "leaving")];
    case "removed":
      return [
        ...(entry ? [...pins(entries, index), { is: "remove", path: ["clusters", index] } as const] : []),
        ...intermediate(state.cluster, values),
      ];
    case "istio":
      // Once the mesh has the new version, the entries' versions are removed, one write after the other.
      return !entry || entry.state === "gone" || at(values.istio, ["version"]) === state.to
        ? []
        : istioEdits(state, entry, ["clusters", index]);
    case "workloads":
      return [];
    case "upgraded":
      return upgradedEdits(state, values, entries);
  }
}

/**
 * Edits that make the config declare the previous state again, for `--back`; none if it already does.
 *
 * @returns undefined if the declared state cannot be undone
 */
export function undoFor(state: State, values: Values): readonly Edit[] | undefined {
  if (state.id === "root") return rootUndo(state, values);
  const { index, entry } = entryOf(state.cluster, values);
  switch (state.id) {
    case "token":
    case "intermediate": {
      // Cannot be undone: the former token is revoked, or the former key is deleted.
      const field = state.id === "token" ? "tokenGeneration" : "caGeneration";
      return entry && Number(entry[field] ?? 1) < state.generation ? [] : undefined;
    }
    case "joined":
      return entry ? undefined : [];
    case "leaving":
      return entry?.state === "leaving" ? [{ is: "remove", path: ["clusters", index, "state"] }] : [];
    case "removed":
      return entry ? [] : undefined;
    case "istio":
      return !entry || entry.state === "gone" ? [] : istioEdits(undone(state), entry, ["clusters", index]);
    case "workloads":
      return [];
    case "upgraded":
      return (isTable(values.istio) ? values.istio.version : undefined) === state.to ? undefined : [];
  }
}

/** The record with which an operation goes back; undefined if that is no longer possible. */
export function reverseRecord<Record extends OperationRecord>(record: Record, values: Values): Record | undefined {
  const undos = statesOf(record).map((state) => undoFor(state, values));
  if (undos.includes(undefined)) return undefined;
  // The next state may be declared although its gate has not opened. At least one `pulumi up` must run, to apply the
  // config.
  const declared = undos.findLastIndex((undo) => undo?.length) + 1;
  return { ...record, reached: Math.max(declared, record.reached, 1), back: true };
}

/** Written before the entry is inserted. Positions refer to the list without the entry. */
const kept = (samples: NonNullable<RecordOf<"add">["samples"]>, entries: readonly (Entry | null)[]): Edit[] =>
  samples.flatMap(({ cluster, version }) => {
    const index = entries.findIndex((entry) => entry?.name === cluster);
    return index < 0 || entries[index]?.sampleVersion !== undefined
      ? []
      : [set(["clusters", index, "sampleVersion"], version)];
  });

function joining({ cluster, position, entry }: Extract<State, { id: "joined" }>, last: number): Edit {
  const { externalAddress, ...fields } = entry ?? {};
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return {
    is: "insert",
    path: ["clusters", Math.min(position ?? last, last)],
    value: {
      name: cluster,
      ...Object.fromEntries(given),
      ...(externalAddress !== undefined && { gateway: { externalAddress } }),
    },
  };
}
/** Writes the mesh's version first. The versions of the clusters are then equal to it, and are removed. */
function upgradedEdits(
  { from, to }: { readonly from: string; readonly to: string },
  { istio }: Values,
  entries: readonly (Entry | null)[],
) {
  const { version, tag } = (isTable(istio) ? istio : {}) as { version?: unknown; tag?: unknown };
  const other = typeof tag === "string" && version !== to ? tagFor(to, { version: from, tag }) : undefined;
  return [
    ...(version === to ? [] : [set(["istio", "version"], to)]),
    ...(other === undefined ? [] : [set(["istio", "tag"], other)]),
    ...entries.flatMap((entry, index): Edit[] =>
      entry?.istio === undefined ? [] : [{ is: "remove", path: ["clusters", index, "istio"] }],
    ),
  ];
}

/** Fixes the sample's versions in the clusters after an entry: after its removal, their default would change. */
const pins = (entries: readonly (Entry | null)[], gone: number): Edit[] =>
  entries.flatMap((entry, index) =>
    index <= gone || entry?.sampleVersion !== undefined
      ? []
      : [set(["clusters", index, "sampleVersion"], reviewsVersion(index))],
  );

/** Removes the cluster's intermediates, because the config refuses an intermediate of an unknown cluster. */
const intermediate = (cluster: string, values: Values): Edit[] =>
  intermediatePaths(cluster, values).map((path) => ({ is: "remove", path }));

/** Paths in the config of a cluster's intermediates. */
export const intermediatePaths = (cluster: string, values: Values): readonly Path[] =>
  [["ca"], ["rootRotation", "ca"]]
    .map((ca) => [...ca, "intermediates", cluster])
    .filter((path) => at(values, path) !== undefined);

/** Name and argument of an operation. */
export interface OperationCall {
  readonly kind: OperationRecord["kind"];
  readonly cluster?: string | undefined;
  readonly to?: string | undefined;
  readonly restartWorkloads?: boolean | undefined;
  readonly back?: true | undefined;
}

/** The command line of an operation. */
export const commandOf = ({ kind, cluster, to, restartWorkloads, back }: OperationCall): string =>
  [
    `npm run mesh -- ${kind}`,
    ...(cluster === undefined ? [] : [cluster]),
    ...(to === undefined ? [] : ["--to", to]),
    ...(restartWorkloads ? ["--restart-workloads"] : []),
    ...(back ? ["--back"] : []),
  ].join(" ");

/** Edits that write a record. It is a single write, because the config refuses an incomplete record. */
export function recordEdits(record: OperationRecord): Edit[] {
  const leaves = (part: unknown, path: Path): Edit[] =>
    typeof part === "object" && part !== null
      ? Object.entries(part).flatMap(([key, value]) =>
          leaves(value, [...path, Array.isArray(part) ? Number(key) : key]),
        )
      : part === undefined
        ? []
        : [set(path, part as string | number | boolean)];
  return leaves(record, ["operation"]);
}

export const isSame = (a: OperationCall, b: OperationCall) =>
  a.kind === b.kind && a.cluster === b.cluster && a.to === b.to;

type WithGeneration<Field extends string> = readonly ({ readonly name: string; readonly isStaying: boolean } & Readonly<
  Record<Field, number>
>)[];

/** The new number of each cluster. The record contains it, so that no number is increased twice. */
function nextGenerations<Field extends "tokenGeneration" | "caGeneration">(
  field: Field,
  clusters: WithGeneration<Field>,
  cluster?: string,
) {
  return clusters
    .filter(({ name, isStaying }) => (cluster === undefined ? isStaying : name === cluster))
    .map((each) => ({ cluster: each.name, generation: each[field] + 1 }));
}

const named = (cluster: string | undefined) => (cluster === undefined ? {} : { cluster });

/** Record for new tokens of clusters that others watch. */
export function tokenRotation(
  clusters: WithGeneration<"tokenGeneration">,
  cluster?: string,
): RecordOf<"rotate-tokens"> {
  return {
    kind: "rotate-tokens",
    ...named(cluster),
    tokens: nextGenerations("tokenGeneration", clusters, cluster),
    reached: 0,
  };
}

/** Record for new keys and intermediates of the clusters that stay. */
export function renewal(clusters: WithGeneration<"caGeneration">, cluster?: string): RecordOf<"renew-intermediates"> {
  const intermediates = nextGenerations("caGeneration", clusters, cluster);
  return { kind: "renew-intermediates", ...named(cluster), intermediates, reached: 0 };
}

/** Clusters whose sample version depends on their position, and would change if an entry is inserted before them. */
export const movedBy = (entries: readonly (Entry | null)[], position: number) =>
  entries.flatMap((entry, index) =>
    index < position || entry?.sampleVersion !== undefined || typeof entry?.name !== "string"
      ? []
      : [{ cluster: entry.name, version: reviewsVersion(index) }],
  );
