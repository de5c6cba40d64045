// Runs all operations: for each state it writes the config, runs `pulumi up`, and waits at the gate.
import { type Edit, keyOf, set, type Values } from "../config/edits.ts";
import { type OperationRecord, operationSchema, type RecordOf } from "../config/operationSchema.ts";
import type { MeshConfig } from "../config/parse.ts";
import { schemaProblems } from "../config/problems.ts";
import { type Gate, type Obstacle, obstaclesAt } from "./gate.ts";
import { versionAfter } from "./oldProxies.ts";
import { editsFor, isSame, type State, statesOf, undoFor } from "./state.ts";
import { hasNewVersion } from "./upgrade.ts";

/** Access to the stack that an operation changes. */
export interface StackAccess {
  /** The stack's config, decrypted, and checked by `parse`. */
  readonly read: () => Promise<{ readonly raw: Values; readonly parse: () => Promise<MeshConfig> }>;
  /** Atomic: if the process is killed, either all or none of the edits are written. */
  readonly write: (edits: readonly Edit[]) => Promise<void>;
  /** Runs `pulumi up`. @throws Error if it fails */
  readonly up: () => Promise<void>;
  /** Makes kubelets update istiods' Secrets at once. @throws the signal's reason */
  readonly refresh: (config: MeshConfig) => Promise<void>;
  /** Restarts workloads with older proxies. */
  readonly restart: (config: MeshConfig, cluster: string, version: string) => Promise<void>;
  readonly gate: Omit<Gate, "seconds">;
  /** Longest wait at a gate, in seconds. @default the config's `awaitSeconds` */
  readonly seconds?: number | undefined;
  readonly say: (event: WalkEvent) => void;
}

export type WalkEvent =
  | {
      readonly is: "state";
      readonly number: number;
      readonly of: number;
      readonly state: State;
      readonly back: boolean;
    }
  | { readonly is: "edit"; readonly edit: Edit["is"]; readonly key: string }
  | { readonly is: "up" }
  | { readonly is: "gate"; readonly seconds: number }
  | { readonly is: "open" };

/** Progress of an operation. */
export interface WalkResult {
  /** Number of states that were reached. */
  readonly reached: number;
  /** Faults at the closed gate; empty if the operation is done. */
  readonly obstacles: readonly Obstacle[];
  /** Duration of the last wait, in seconds. */
  readonly seconds: number;
}

/** The stack file records another operation than the one that this run executes. */
export class OtherOperation extends Error {
  readonly record: OperationRecord | undefined;

  constructor(record: OperationRecord | undefined) {
    super("another operation");
    this.record = record;
  }
}

/** The stack file no longer declares a state that the operation has written into it. */
export class Undeclared extends Error {
  readonly edits: readonly Edit[];

  /** @param edits edits that would declare the state again */
  constructor(edits: readonly Edit[]) {
    super("undeclared state");
    this.edits = edits;
  }
}

/** The operation recorded in a config. @throws Error that lists what is wrong with the record */
export function recorded({ operation }: Values): OperationRecord | undefined {
  if (operation === undefined) return undefined;
  const { data, error } = operationSchema.safeParse(operation, { reportInput: true });
  if (error)
    throw new Error(
      schemaProblems(error)
        .map((line) => `  - csp-mesh:operation.${line}`)
        .join("\n"),
    );
  return data;
}

/**
 * Longest wait, in seconds, for istiods and proxies to use a changed Secret `cacerts`. Kubelets update mounted Secrets
 * within two minutes.
 */
const SECRET_WITHIN = 300;
const isOfSecret = ({ id }: State) => id === "root" || id === "intermediate";

/**
 * Continues a recorded operation from its last state to its end or, with `back`, to its beginning.
 *
 * @throws OtherOperation if the stack file records another operation meanwhile
 * @throws Undeclared if the stack file was changed otherwise
 */
export async function walk(record: OperationRecord, site: StackAccess): Promise<WalkResult> {
  const states = statesOf(record);
  const back = record.back === true;
  const steps = stepsOf(record);
  const editsOf = (state: State, values: Values) => (back ? undoFor(state, values) : editsFor(state, values));
  /**
   * A gate only checks the state that the config declares. If that is an earlier state, an open gate proves nothing.
   */
  const assertDeclared = (state: State | undefined, values: Values) => {
    const missing = state && editsOf(state, values);
    if (missing?.length) throw new Undeclared(missing);
  };
  for (const { state, number, from, to } of steps) {
    site.say({ is: "state", number, of: back ? steps.length : states.length, state, back });
    const values = await valuesAt(from, record, site);
    assertDeclared(states[back ? from : from - 1], values);
    const edits = editsOf(state, values);
    if (edits === undefined) throw new OtherOperation(recorded(values));
    for (const { is, path } of edits) site.say({ is: "edit", edit: is, key: keyOf(path) });
    await site.write(edits);

    if (state.id !== "workloads") {
      site.say({ is: "up" });
      await site.up();
    }
    const { raw, parse } = await site.read();
    assertDeclared(state, raw);
    const config = await parse();
    await complete(state, record, site, config);
    const seconds = site.seconds ?? Math.max(config.awaitSeconds, isOfSecret(state) ? SECRET_WITHIN : 0);
    site.say({ is: "gate", seconds });
    const declared = { kind: record.kind, state, back };
    const obstacles = await obstaclesAt(config, { ...site.gate, seconds }, declared, record.known);
    if (obstacles.length > 0) return { reached: from, obstacles, seconds };
    site.say({ is: "open" });
    await valuesAt(from, record, site);
    await site.write([set(["operation", "reached"], to)]);
  }
  await site.write([{ is: "remove", path: ["operation"] }]);
  return { reached: back ? 0 : states.length, obstacles: [], seconds: 0 };
}

interface Step {
  readonly state: State;
  /** Its index among all states of the operation. */
  readonly index: number;
  /** Its number in messages, from 1. Going forward, reached states count as well. */
  readonly number: number;
  /** Values of `reached` before and after the step. */
  readonly from: number;
  readonly to: number;
}

/** The remaining steps: states not yet reached or, going back, reached states in reverse order. */
export function stepsOf(record: OperationRecord): readonly Step[] {
  const states = statesOf(record).map((state, index) => ({ state, index }));
  return record.back
    ? states
        .slice(0, record.reached)
        .reverse()
        .map((each, step) => ({ ...each, number: step + 1, from: each.index + 1, to: each.index }))
    : states
        .slice(record.reached)
        .map((each) => ({ ...each, number: each.index + 1, from: each.index, to: each.index + 1 }));
}

/** The work for a state that `pulumi up` does not do. */
async function complete(state: State, record: OperationRecord, site: StackAccess, config: MeshConfig): Promise<void> {
  if (isOfSecret(state)) await site.refresh(config);
  if (restartsAt(state, record) && "cluster" in state) await site.restart(config, state.cluster, versionAfter(record));
}

/** When going back, workloads restart once the first istiod has its former version again. */
function restartsAt(state: State, record: OperationRecord): record is RecordOf<"upgrade"> {
  if (record.kind !== "upgrade" || !record.restartWorkloads) return false;
  if (!record.back) return state.id === "workloads";
  return state.id === "istio" && hasNewVersion(state.level) && !hasNewVersion(state.before);
}

/** @throws OtherOperation if the config records another operation, or another progress */
async function valuesAt(reached: number, record: OperationRecord, site: StackAccess): Promise<Values> {
  const { raw } = await site.read();
  const now = recorded(raw);
  if (now === undefined || !isSame(now, record) || now.back !== record.back || now.reached !== reached)
    throw new OtherOperation(now);
  return raw;
}
