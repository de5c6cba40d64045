// Builds the command for an operation around operations/walk.ts.
import { type Edit, edited, keyOf, set } from "../config/edits.ts";
import { onlyStaying } from "../config/gone.ts";
import type { OperationRecord } from "../config/operationSchema.ts";
import type { MeshConfig } from "../config/parse.ts";
import { languageIn } from "../i18n/language.ts";
import type { Messages } from "../i18n/messages.ts";
import { sortedObstacles } from "../operations/concern.ts";
import { faultKey, type Obstacle, obstaclesAt } from "../operations/gate.ts";
import { oldProxies, versionAfter } from "../operations/oldProxies.ts";
import {
  commandOf,
  editsFor,
  isSame,
  type OperationCall,
  recordEdits,
  reverseRecord,
  statesOf,
  undoFor,
} from "../operations/state.ts";
import { OtherOperation, recorded, type StackAccess, stepsOf, Undeclared, walk } from "../operations/walk.ts";
import { Interrupted, interruptible } from "../probe/interruption.ts";
import type { MeshStatus } from "../status/lookAtMesh.ts";
import { type Command, type Effects, type Options, outputOf, type World } from "./command.ts";
import { applyTogether } from "./configEdits.ts";
import { isConfirmed } from "./confirmation.ts";
import { type Planned, planText, shownEdits, shownEvent, shownObstacles, titleOf } from "./operationReport.ts";
import { type Pulumi, pulumiOf, type RawConfig, rawConfig, stackConfig, stackOptions } from "./stackConfig.ts";

/** The information with which a command starts an operation. */
export interface OperationStart {
  /** The argument, if given. */
  readonly name: string | undefined;
  /** All options, including the operation's own. */
  readonly options: Options;
  readonly stack: RawConfig;
  readonly config: MeshConfig;
  readonly messages: Messages;
  readonly world: World;
  readonly pulumi: Pulumi;
}

export interface OperationCommand {
  readonly kind: OperationRecord["kind"];
  readonly optionalArgument?: true;
  readonly withoutArgument?: true;
  /** Additional options of this operation. @default none */
  readonly options?: Command["options"];
  /** What the operation applies to. @default the cluster that the argument names @throws Error for an invalid option */
  readonly called?: (options: Options, messages: Messages) => Omit<OperationCall, "kind">;
  /** @returns the record of the operation, or why it cannot start @throws Error for a wrong argument */
  readonly begin: (start: OperationStart) => Promise<OperationRecord | { readonly refused: string }>;
  /** Text for the user when the operation is done. @param before the config before the operation */
  readonly after?: (record: OperationRecord, before: RawConfig, messages: Messages, last?: LastStatus) => string;
}

/** The last status check of the mesh. */
export interface LastStatus {
  readonly status: MeshStatus;
  readonly config: MeshConfig;
}

/** Longest wait for a healthy mesh before an operation starts, in seconds. */
const HEALTHY_WITHIN = 30;
/** Longest wait for an API server whose workloads are restarted, in ms. */
const RESTART_ANSWERS_WITHIN = 10_000;

export function operationCommand(operation: OperationCommand): Command {
  return {
    options: {
      ...stackOptions,
      back: { type: "boolean" },
      "dry-run": { type: "boolean" },
      yes: { type: "boolean" },
      force: { type: "boolean" },
      wait: { type: "string" },
      output: { type: "string" },
      ...operation.options,
    },
    argument: operation.withoutArgument ? undefined : "NAME",
    optionalArgument: operation.optionalArgument,
    async run(options, messages, world) {
      const back = options.back === true ? true : undefined;
      const command = commandOf({ ...calledBy(operation, options, messages), back });
      try {
        return await interruptible((signal) => run(operation, { options, messages, world, signal, command }));
      } catch (error) {
        const { operations: texts } = messages;
        if (error instanceof OtherOperation) {
          const { record } = error;
          world.stderr(`${record ? texts.otherMeanwhile(commandOf(record)) : texts.noneMeanwhile}\n`);
          return 1;
        }
        if (!(error instanceof Interrupted)) throw error;
        world.stderr(`${texts.interrupted(error.signal, command)}\n`);
        return error.exitCode;
      }
    },
  };
}

const nameIn = ({ NAME }: Options) => (NAME === undefined ? undefined : String(NAME));

const calledBy = ({ kind, called }: OperationCommand, options: Options, messages: Messages): OperationCall => ({
  kind,
  ...(called ? called(options, messages) : { cluster: nameIn(options) }),
});

interface Running {
  readonly options: Options;
  readonly messages: Messages;
  readonly world: World;
  readonly signal: AbortSignal;
  /** The command line. */
  readonly command: string;
}

async function run(operation: OperationCommand, running: Running): Promise<number> {
  const { options, messages, world, signal, command } = running;
  const { operations: texts } = messages;
  const isJson = outputOf(options, messages) === "json";
  const seconds = secondsIn(options, messages);
  const say = (line: string) => (isJson ? world.stderr : world.stdout)(`${line}\n`);
  const refuse = (why: string) => {
    world.stderr(`${why}\n`);
    return 1;
  };
  const pulumi = pulumiOf(messages, world);
  const read = () => rawConfig(options, messages, world, pulumi);
  const parse = (stack: RawConfig) => stackConfig(options, messages, world, stack);

  const before = await read();
  if (!Array.isArray(before.written.clusters)) throw new Error(texts.notSettable(keyOf(["clusters"])));
  const name = nameIn(options);
  const found = recordIn(before, messages);
  if (found && !isSame(found, calledBy(operation, options, messages))) {
    return refuse(texts.running(commandOf(found), String(found.reached), String(statesOf(found).length)));
  }
  const goesBack = options.back === true;
  if (goesBack && !found)
    return refuse(texts.notUnderWay(commandOf(calledBy(operation, options, messages)), texts.instead[operation.kind]));
  if (found?.back && !goesBack) return refuse(texts.goesBack(command, commandOf(found)));
  const returning = found && goesBack && !found.back ? reverseRecord(found, before.raw) : found;
  if (found && !returning) return refuse(texts.noWayBack(commandOf(found), texts.instead[operation.kind]));
  const beginning = { name, options, stack: before, messages, world, pulumi };
  const fresh = returning ?? (await operation.begin({ ...beginning, config: await parse(before) }));
  if ("refused" in fresh) return refuse(fresh.refused);
  let begun = fresh;
  const planned = await plan(begun, before, parse, messages);
  let last: LastStatus | undefined;
  const report = (result: string, reached: number, obstacles: readonly Obstacle[] = []) => {
    if (!isJson) return;
    const states = planned.map(({ state, fields }, index) => ({ ...state, fields, reached: index < reached }));
    const { kind, cluster, to }: OperationCall = begun;
    const called = { kind, ...(cluster && { cluster }), ...(to && { to }), ...(goesBack && { back: true }) };
    const left = last && begun.kind === "upgrade" && oldProxies(last.status, last.config, versionAfter(begun));
    const more = { ...called, result, reached, states, obstacles, ...(left && { oldProxies: left }) };
    world.stdout(`${JSON.stringify(more, null, 2)}\n`);
  };
  if (found) say(texts.resumes(command, String(found.reached), String(planned.length)));
  if (!isJson) world.stdout(planText(planned, begun, messages));
  if (options["dry-run"] === true) {
    report("planned", begun.reached);
    return 0;
  }
  if (options.yes !== true && world.ask === undefined) throw new Error(texts.noTerminal);

  const effects = world.effects ?? (await import("./realEffects.ts")).realEffects(world);
  const gate = {
    ...effects,
    trust: async () => effects.trust((await before.target())[1] ?? ""),
    signal,
    look: async (...[config, options]: Parameters<typeof effects.look>) => {
      const status = await effects.look(config, options);
      last = { status, config };
      return status;
    },
  };
  if (!found) {
    const config = await parse(before);
    // Faults of a cluster that is to be removed do not matter, and a cluster that is to be added is not part of the
    // mesh yet.
    const outside = begun.kind === "remove" || begun.kind === "add" ? begun.cluster : undefined;
    const others = config.clusters.filter((cluster) => cluster.name !== outside);
    const obstacles = await obstaclesAt(
      { ...config, clusters: others },
      { ...gate, seconds: Math.min(seconds ?? HEALTHY_WITHIN, HEALTHY_WITHIN) },
      { kind: begun.kind },
    );
    const { hindrances, known } = sortedObstacles(begun, obstacles, options.force === true);
    if (hindrances.length > 0) {
      report("refused", 0, hindrances);
      return refuse(texts.notWhole(shownObstacles(hindrances, messages)));
    }
    if (known.length > 0) {
      world.stderr(`${texts.tolerated(shownObstacles(known, messages))}\n`);
      begun = { ...begun, known: known.map(faultKey) };
    }
  }
  if (options.yes !== true && !(await isConfirmed(texts.ask(command), world))) {
    report("declined", begun.reached);
    return refuse(texts.declined);
  }

  const target = await before.target();
  const write: StackAccess["write"] = (edits) => applyTogether(edits, target, pulumi, messages);
  if (!found) {
    const meanwhile = recordIn(await read(), messages);
    if (meanwhile) throw new OtherOperation(meanwhile);
    await write(recordEdits(begun));
  } else if (begun.back !== found.back) {
    const now = recordIn(await read(), messages);
    if (now === undefined || !isSame(now, found) || now.back || now.reached !== found.reached)
      throw new OtherOperation(now);
    await write(recordEdits(begun));
  }
  const [, stack = "", , configFile = ""] = target;
  const site: StackAccess = {
    read: async () => {
      const now = await read();
      return { raw: now.raw, parse: () => parse(now) };
    },
    write,
    refresh: (config) => effects.refresh(onlyStaying(config), signal),
    up: () =>
      effects.up({ root: world.root, stack, configFile }, { signal, say: (line) => say(`    ${line}`), messages }),
    restart: async (config, cluster, version) => {
      const status = await gate.look(config, { timeout: RESTART_ANSWERS_WITHIN, signal });
      const of = config.clusters.find(({ name }) => name === cluster);
      const old = oldProxies(status, config, version).find((one) => one.cluster === cluster);
      if (of === undefined || old === undefined) return;
      const { workloads, left } = await effects.restart(of, old.pods, signal);
      for (const workload of workloads) say(`    ${texts.restarts(workload)}`);
      for (const pod of left) say(`    ${texts.notRestarted(pod)}`);
    },
    gate,
    seconds,
    say: (event) => say(shownEvent(event, messages)),
  };
  const walked = await walk(begun, site).catch((error: Error) => {
    signal.throwIfAborted();
    if (error instanceof OtherOperation) throw error;
    if (error instanceof Undeclared) throw new Error(texts.undeclared(shownEdits(error.edits, messages), command));
    throw new Error(texts.failed(error.message, command));
  });
  if (walked.obstacles.length > 0) {
    report("stopped", walked.reached, walked.obstacles);
    return refuse(texts.stopped(String(walked.seconds), shownObstacles(walked.obstacles, messages), command));
  }
  const isProved = await proved(running, effects, stack, say, await parse(await read()));
  report(isProved ? "done" : "not proved", walked.reached);
  say(texts.done(command));
  const after = goesBack && begun.kind !== "upgrade" ? undefined : operation.after?.(begun, before, messages, last);
  if (after !== undefined) say(after.trimEnd());
  return isProved ? 0 : refuse(texts.notProved);
}

/** Every operation ends with the proof, if the sample is installed. */
export async function proved(
  { messages, signal }: Pick<Running, "messages" | "signal">,
  { prove }: Effects,
  stack: string,
  say: (line: string) => void,
  { sample }: MeshConfig,
) {
  if (!sample.enabled) return true;
  say(messages.operations.proof);
  return prove(stack, (line) => say(`    ${line}`), signal, languageIn(messages));
}

function recordIn({ raw }: RawConfig, { operations: texts }: Messages): OperationRecord | undefined {
  try {
    return recorded(raw);
  } catch (error) {
    throw new Error(texts.badRecord((error as Error).message));
  }
}

/** The remaining states. Each is validated on a copy of the config before anything is written. */
async function plan(
  record: OperationRecord,
  stack: RawConfig,
  parse: (stack: RawConfig) => Promise<MeshConfig>,
  messages: Messages,
): Promise<Planned[]> {
  const { operations: texts } = messages;
  let now = stack;
  const states = statesOf(record);
  const fields = new Map<number, Planned["fields"]>();
  for (const { state, index, from } of stepsOf(record)) {
    const edits = (record.back ? undoFor : editsFor)(state, now.raw) ?? [];
    const field = ({ is, path }: Edit) => ({ is, key: keyOf(path) });
    fields.set(index, edits.map(field));
    const all = [...edits, ...recordEdits(record), set(["operation", "reached"], from)];
    now = stackAfter(now, all, messages);
    await parse(now).catch((error: Error) => {
      throw new Error(texts.badState(titleOf(state, messages), error.message));
    });
  }
  return states.map((state, index) => ({ state, fields: fields.get(index) ?? [] }));
}

/** The config after these edits, as the next command would read it. */
export function stackAfter(stack: RawConfig, edits: readonly Edit[], { operations: texts }: Messages): RawConfig {
  const encrypted = new Set(edits.flatMap((edit) => (edit.is === "set" && edit.secret ? [String(edit.path[0])] : [])));
  try {
    return {
      ...stack,
      raw: edited(stack.raw, edits),
      written: edited(stack.written, edits, true),
      isSecret: (key) => encrypted.has(key) || stack.isSecret(key),
    };
  } catch (error) {
    throw new Error(texts.notSettable((error as Error).message));
  }
}

export function secondsIn({ wait }: Options, { operations: texts }: Messages): number | undefined {
  if (wait === undefined) return undefined;
  if (!/^\d{1,6}$/.test(String(wait))) throw new Error(texts.badSeconds("--wait", String(wait)));
  return Number(wait);
}
