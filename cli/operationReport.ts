// Output of the commands for operations.
import { type Edit, keyOf } from "../config/edits.ts";
import type { OperationRecord } from "../config/operationSchema.ts";
import type { Messages } from "../i18n/messages.ts";
import { asLines } from "../i18n/preflightReport.ts";
import { shown } from "../kube/shown.ts";
import type { Obstacle } from "../operations/gate.ts";
import { isOfRoot, type RootObstacle } from "../operations/rootGate.ts";
import { commandOf, type State } from "../operations/state.ts";
import { isOfUpgrade, type UpgradeObstacle } from "../operations/upgradeGate.ts";
import { stepsOf, type WalkEvent } from "../operations/walk.ts";

/** A state with the fields of the config that it changes. */
export interface Planned {
  readonly state: State;
  readonly fields: readonly { readonly is: Edit["is"]; readonly key: string }[];
}

type Texts = Pick<Messages, "operations">;

export function titleOf(state: State, { operations: { states } }: Texts): string {
  switch (state.id) {
    case "root":
      return states.root[state.phase];
    case "token":
    case "intermediate":
      return states[state.id](state.cluster, String(state.generation));
    case "istio":
      return state.before === 0 && state.level === 6
        ? states.inPlace(state.cluster, state.to)
        : states.istio[state.level](state.cluster, state.level === 0 ? state.from : state.to);
    case "workloads":
      return states.workloads(state.cluster, state.to);
    case "upgraded":
      return states.upgraded(state.to);
    default:
      return states[state.id](state.cluster);
  }
}

const stepTitle = (state: State, back: boolean, messages: Texts) =>
  back ? messages.operations.takenBack(titleOf(state, messages)) : titleOf(state, messages);

export function planText(planned: readonly Planned[], record: OperationRecord, messages: Texts): string {
  const ahead = stepsOf(record);
  const lines = ahead.flatMap(({ state, index, number }) => [
    `  ${number}. ${stepTitle(state, record.back === true, messages)}`,
    ...(planned[index]?.fields ?? []).map(({ is, key }) => `       ${fieldText(is, key, messages)}`),
  ]);
  return `${[messages.operations.plan(commandOf(record), String(ahead.length)), ...lines].join("\n")}\n`;
}

const fieldText = (is: Edit["is"], key: string, { operations }: Texts) =>
  ({ set: operations.sets, insert: operations.inserts, remove: operations.removes })[is](key);

/** One line for each edit. Values of secrets are not shown. */
export const shownEdits = (edits: readonly Edit[], messages: Texts): string =>
  edits
    .map((edit) => {
      const value = edit.is === "set" && !edit.secret ? ` = ${shown(edit.value)}` : "";
      return `  - ${fieldText(edit.is, keyOf(edit.path), messages)}${value}`;
    })
    .join("\n");

export function shownEvent(event: WalkEvent, messages: Texts): string {
  const { operations } = messages;
  switch (event.is) {
    case "state":
      return `[${event.number}/${event.of}] ${stepTitle(event.state, event.back, messages)}`;
    case "edit":
      return `  ${fieldText(event.edit, event.key, messages)}`;
    case "up":
      return `  ${operations.up}`;
    case "gate":
      return `  ${operations.gate(String(event.seconds))}`;
    case "open":
      return `  ${operations.open}`;
  }
}

function rootText(obstacle: RootObstacle, { operations: { obstacles } }: Texts): string {
  const { cluster, pods } = obstacle;
  const all = pods.join(", ");
  if (obstacle.id === "proxyNotAsked") return obstacles.proxyNotAsked(cluster, all, shown(obstacle.said));
  return obstacles[obstacle.id](cluster, all);
}

export function shownObstacles(obstacles: readonly Obstacle[], messages: Messages): string {
  const { operations } = messages;
  return obstacles
    .map((obstacle) => {
      if (isOfRoot(obstacle)) return rootText(obstacle, messages);
      if (obstacle.id === "notForgotten") return operations.obstacles.notForgotten(obstacle.cluster, obstacle.peer);
      if (obstacle.id === "notLooked") return operations.obstacles.notLooked(shown(obstacle.said));
      if (isOfUpgrade(obstacle)) return upgradeText(obstacle, messages);
      return asLines([obstacle], messages)[0] ?? obstacle.id;
    })
    .map((line) => `  - ${line}`)
    .join("\n");
}

function upgradeText(obstacle: UpgradeObstacle, { operations: { obstacles } }: Texts): string {
  const { cluster } = obstacle;
  switch (obstacle.id) {
    case "istiodVersion":
      return obstacles.istiodVersion(cluster, obstacle.wanted, obstacle.found);
    case "notServed":
    case "stillServed":
      return obstacles[obstacle.id](cluster, obstacle.pods.join(", "));
    default:
      return obstacles[obstacle.id](cluster);
  }
}
