import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { onlyStaying } from "../config/gone.ts";
import type { MeshConfig } from "../config/parse.ts";
import type { Messages } from "../i18n/messages.ts";
import { asLines } from "../i18n/preflightReport.ts";
import { shown } from "../kube/shown.ts";
import { type FormerCluster, isFormer, observeFormer } from "../operations/formerMesh.ts";
import { obstaclesAt } from "../operations/gate.ts";
import { Interrupted, interruptible } from "../probe/interruption.ts";
import { type Command, type Effects, type Options, outputOf, UsageError, type World } from "./command.ts";
import { applyEdits } from "./configEdits.ts";
import { isConfirmed } from "./confirmation.ts";
import type { RootFiles } from "./formerCa.ts";
import { proved, secondsIn, stackAfter } from "./operation.ts";
import { shownObstacles } from "./operationReport.ts";
import { type Pulumi, pulumiOf, type RawConfig, rawConfig, stackConfig, stackOptions } from "./stackConfig.ts";
import { stackOwner } from "./stackOwner.ts";
import { type Takeover, takeoverOf } from "./takeoverPlan.ts";
import { podsToRestart, type Result, refusalText, takeoverReport, takeoverText } from "./takeoverReport.ts";
import { APART_WITHIN, RESTARTED_WITHIN, removeFormer, restarted } from "./takeoverSteps.ts";

/** `npm run mesh -- takeover`: replaces a mesh that the former script built, cluster by cluster. */
export const takeover: Command = {
  options: {
    ...stackOptions,
    certs: { type: "string" },
    intermediates: { type: "boolean" },
    "restart-workloads": { type: "boolean" },
    "dry-run": { type: "boolean" },
    yes: { type: "boolean" },
    force: { type: "boolean" },
    wait: { type: "string" },
    output: { type: "string" },
  },
  async run(options, messages, world) {
    try {
      return await interruptible((signal) => run({ options, messages, world, signal }));
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      world.stderr(`${messages.takeover.interrupted(error.signal, commandOf(options))}\n`);
      return error.exitCode;
    }
  },
};

/** The command line that continues an interrupted takeover. */
const commandOf = ({ certs, intermediates, "restart-workloads": restarts }: Options): string =>
  [
    "npm run mesh -- takeover",
    ...(certs === undefined ? [] : ["--certs", String(certs)]),
    ...(intermediates === true ? ["--intermediates"] : []),
    ...(restarts === true ? ["--restart-workloads"] : []),
  ].join(" ");

interface Running {
  readonly options: Options;
  readonly messages: Messages;
  readonly world: World;
  readonly signal: AbortSignal;
}

/** The state of config and clusters at the start. */
interface TakeoverState {
  readonly stack: RawConfig;
  /** The stack's name in claims: `organization/project/stack`. */
  readonly owner: string;
  readonly clusters: readonly FormerCluster[];
  readonly takeover: Takeover;
}

async function run(running: Running): Promise<number> {
  const { options, messages, world, signal } = running;
  const { takeover: texts, operations } = messages;
  if (options.certs !== undefined && options.intermediates === true)
    throw new UsageError(messages.excluded("--certs", "--intermediates"));
  const isJson = outputOf(options, messages) === "json";
  const seconds = secondsIn(options, messages);
  const command = commandOf(options);
  const say = (line: string) => (isJson ? world.stderr : world.stdout)(`${line}\n`);
  const pulumi = pulumiOf(messages, world);
  const effects: Effects = world.effects ?? (await import("./realEffects.ts")).realEffects(world);
  const start = await look(running, pulumi);
  const { takeover } = start;
  const report = (result: Result, obstacles: readonly string[] = []) => {
    if (isJson)
      world.stdout(`${JSON.stringify(takeoverReport(result, start.clusters, takeover, obstacles), null, 2)}\n`);
  };
  const refuse = (result: Result, why: string, obstacles: readonly string[] = []) => {
    report(result, obstacles);
    world.stderr(`${why}\n`);
    return 1;
  };
  if (takeover.problems.length > 0)
    return refuse("refused", refusalText(takeover.problems, messages), takeover.problems);
  if (!takeover.isUnderWay && takeover.lastEdits === undefined) {
    report("nothing");
    say(texts.nothing);
    return 0;
  }
  const next = stackAfter(start.stack, takeover.edits, messages);
  const config = await stackConfig(options, messages, world, next).catch((error: Error) => {
    throw new Error(texts.problems.unusable(error.message));
  });
  const target = await start.stack.target();
  const [, stack = "", , configFile = ""] = target;
  if (takeover.isUnderWay) {
    const hindrances = await hindrancesTo(takeover, config, start.owner, effects, messages);
    if (hindrances.foreign.length > 0)
      return refuse("refused", refusalText(hindrances.foreign, messages), hindrances.foreign);
    if (hindrances.others.length > 0 && options.force !== true)
      return refuse(
        "refused",
        texts.notReady(hindrances.others.map((line) => `  - ${line}`).join("\n")),
        hindrances.others,
      );
  }
  if (!isJson) world.stdout(takeoverText(start.clusters, takeover, options["restart-workloads"] === true, messages));
  if (options["dry-run"] === true) {
    report("planned");
    return 0;
  }
  if (options.yes !== true) {
    if (world.ask === undefined) throw new Error(operations.noTerminal);
    const names = start.clusters.map(({ name }) => name).join(", ");
    if (!(await isConfirmed(texts.ask(names), world))) return refuse("declined", texts.declined);
  }

  const stopped = (obstacles: readonly string[]) =>
    refuse("stopped", texts.stopped(obstacles.map((line) => `  - ${line}`).join("\n"), command), obstacles);
  const up = async () => {
    say(operations.up);
    await effects.up({ root: world.root, stack, configFile }, { signal, say: (line) => say(`  ${line}`), messages });
  };
  const gate = async (now: MeshConfig) => {
    const within = seconds ?? now.awaitSeconds;
    say(operations.gate(String(within)));
    const trust = async () => effects.trust(stack);
    return obstaclesAt(now, { ...effects, trust, signal, seconds: within });
  };
  const reread = async () => stackConfig(options, messages, world, await rawConfig(options, messages, world, pulumi));

  try {
    if (takeover.edits.length > 0) {
      say(texts.settings);
      await applyEdits(takeover.edits, target, pulumi, messages);
    }
    // Read the stack file again, because after the deletions only it contains the former mesh's CA.
    const now = takeover.edits.length > 0 ? await reread() : config;
    if (takeover.isUnderWay) {
      const left = await removeFormer(running, takeover, now, effects, { say, seconds: seconds ?? APART_WITHIN });
      if (left.length > 0) return stopped(left);
    }
    await up();
    const obstacles = await gate(now);
    if (obstacles.length > 0) return stopped(shownObstacles(obstacles, messages).split("\n").map(withoutBullet));
    const isProved = await proved({ messages, signal }, effects, stack, say, now);
    if (!isProved) return refuse("not proved", operations.notProved);

    const pods = await restarted(running, now, effects, { say, seconds: seconds ?? RESTARTED_WITHIN });
    if (pods.some(({ renamed }) => renamed.length > 0)) {
      report("workloads left");
      say(texts.next(podsToRestart(pods, messages), command));
      return 0;
    }
    const last = (await look(running, pulumi)).takeover.lastEdits ?? [];
    if (last.length > 0) {
      say(texts.last);
      await applyEdits(last, target, pulumi, messages);
      await up();
      const rest = await gate(await reread());
      if (rest.length > 0) return stopped(shownObstacles(rest, messages).split("\n").map(withoutBullet));
    }
    report("done");
    const without = podsToRestart(pods, messages);
    if (without !== "") say(without);
    say(texts.done);
    return 0;
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(texts.failed((error as Error).message, command));
  }
}

const withoutBullet = (line: string) => line.replace(/^ *- /, "");

/** Reads config and clusters, and plans. */
async function look({ options, messages, world, signal }: Running, pulumi: Pulumi): Promise<TakeoverState> {
  const stack = await rawConfig(options, messages, world, pulumi);
  // A killed run may have written a part of the CA.
  const { ca: _, ...raw } = stack.raw;
  const config = onlyStaying(await stackConfig(options, messages, world, { ...stack, raw }));
  const owner = await stackOwner((await stack.target()).slice(0, 2), pulumi, messages);
  const observed = await Promise.all(
    config.clusters.map((cluster) => observeFormer(cluster, config.sample.namespace, signal)),
  );
  const ca = () => chosenCa(options, messages, world);
  const takeover = takeoverOf(observed, { ...stack, owner, config, ca }, messages);
  return { stack, owner, clusters: observed.filter(isFormer), takeover };
}

/** The former script's root, from its folder, or the clusters' own intermediates. */
function chosenCa(
  { certs, intermediates }: Options,
  messages: Messages,
  { root, folder = root }: World,
): RootFiles | "intermediates" | undefined {
  if (certs === undefined) return intermediates === true ? "intermediates" : undefined;
  const read = (name: string) => {
    const file = join(resolve(folder, String(certs)), name);
    try {
      return readFileSync(file, "utf8");
    } catch (error) {
      throw new Error(messages.takeover.problems.badFile(file, (error as NodeJS.ErrnoException).code ?? ""));
    }
  };
  return { certificate: read("root-cert.pem"), key: read("root-ca.key") };
}

/** Errors of the preflight, apart from the former mesh itself. */
async function hindrancesTo(
  { removals }: Takeover,
  config: MeshConfig,
  owner: string,
  effects: Effects,
  messages: Messages,
): Promise<{ readonly foreign: readonly string[]; readonly others: readonly string[] }> {
  const errors = (await effects.examine({ ...config, owner })).filter(({ severity }) => severity === "error");
  const removed = (cluster: string) =>
    new Set(removals.filter((one) => one.cluster === cluster).flatMap(({ parts }) => parts));
  const foreign = errors.flatMap((finding) => {
    if (finding.id !== "othersIstio") return [];
    const known = removed(finding.cluster);
    const rest = finding.parts.filter((part) => !known.has(part));
    return rest.length === 0
      ? []
      : [messages.takeover.problems.foreign(finding.cluster, rest.map((each) => shown(each)).join(", "))];
  });
  return {
    foreign,
    others: asLines(
      errors.filter(({ id }) => id !== "othersIstio"),
      messages,
    ),
  };
}
