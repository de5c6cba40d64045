// Output of the takeover of a former mesh.
import { keyOf } from "../config/edits.ts";
import type { Messages } from "../i18n/messages.ts";
import { shown } from "../kube/shown.ts";
import type { FormerCluster } from "../operations/formerMesh.ts";
import type { Takeover } from "./takeoverPlan.ts";

export type Result =
  | "planned"
  | "refused"
  | "declined"
  | "nothing"
  | "stopped"
  | "not proved"
  | "workloads left"
  | "done";

export const refusalText = (problems: readonly string[], { takeover }: Messages): string =>
  [takeover.refused, ...problems.map((each) => shown(each))].join("\n  - ");

/** The plan, with every object that would be deleted. */
export function takeoverText(
  clusters: readonly FormerCluster[],
  { edits, removals, stays, isUnderWay, lastEdits }: Takeover,
  restarts: boolean,
  { takeover: texts, adopt }: Messages,
): string {
  const steps = [
    ...(edits.length === 0
      ? []
      : [
          {
            title: texts.settings,
            lines: edits.map(({ is, path }) => (is === "set" ? adopt.sets : adopt.removes)(keyOf(path))),
          },
        ]),
    ...removals.map(({ stage, cluster, parts }) => ({
      title: texts.stages[stage](cluster),
      lines: parts.map((part) => texts.deletes(part)),
    })),
    { title: texts.up, lines: [] },
    ...(restarts ? [{ title: texts.workloads, lines: [] }] : []),
    ...(isUnderWay || lastEdits
      ? [{ title: texts.last, lines: (lastEdits ?? []).map(({ path }) => adopt.removes(keyOf(path))) }]
      : []),
  ];
  return `${[
    texts.plan(String(clusters.length)),
    ...clusters.map(({ name, server, names }) => `  - ${texts.cluster(name, server, names.join(", "))}`),
    ...steps.flatMap(({ title, lines }, index) => [
      `  ${index + 1}. ${title}`,
      ...lines.map((line) => `       ${line}`),
    ]),
    ...stays.flatMap(({ cluster, names }) => [texts.stays(cluster), ...names.map((name) => `       ${name}`)]),
  ]
    .map((each) => shown(each))
    .join("\n")}\n`;
}

/** For programs: ids and names are the same in every language. */
export const takeoverReport = (
  result: Result,
  clusters: readonly FormerCluster[],
  { edits, removals, stays }: Takeover,
  obstacles: readonly string[],
) => ({
  kind: "takeover",
  result,
  clusters: clusters.map(({ name, server, names, renamed, withoutSidecar }) => ({
    name,
    server,
    formerNames: names,
    renamed,
    withoutSidecar,
  })),
  settings: edits.map(({ is, path }) => ({ is, key: keyOf(path) })),
  removals,
  stays,
  obstacles,
});

/** Pods that must restart, by cluster; empty without such pods. */
export const podsToRestart = (clusters: readonly FormerCluster[], { takeover }: Messages): string =>
  clusters
    .filter(({ renamed, withoutSidecar }) => renamed.length + withoutSidecar.length > 0)
    .map(({ name, renamed, withoutSidecar }) =>
      shown(takeover.pods(name, renamed.join(", ") || "-", withoutSidecar.join(", ") || "-")),
    )
    .join("\n");
