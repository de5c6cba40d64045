// Measures one side once, and determines the order of the sides.
import type { Cluster } from "../kube/cluster.ts";
import { say } from "../lab/log.ts";
import { prove } from "../proof/prove.ts";
import { reportLine } from "../proof/report.ts";
import type { CleanSlate } from "./cleanSlate.ts";
import { firstAnswers } from "./firstAnswers.ts";
import { processorTime } from "./processorTime.ts";
import type { Measurement } from "./result.ts";
import type { Side } from "./side.ts";

/** Longest wait for the first answers, in ms. */
const ANSWERED_WITHIN = 600_000;

/** A B, B A, A B and so on, so that effects of the order affect both sides equally. @param round from 1 */
export function orderOf<T>(round: number, sides: readonly T[]): readonly T[] {
  return round % 2 === 1 ? sides : sides.toReversed();
}

/** Measures from clusters without a mesh to a proven mesh and back. */
export async function measure(
  round: number,
  side: Side,
  clusters: readonly Cluster[],
  namespace: string,
  slate: CleanSlate,
): Promise<Measurement> {
  await slate.clustersAsBefore();
  const busyBefore = await slate.machineIdle();
  const { answered, finished, processor } = await install(side, clusters, namespace);
  const installSteps = side.steps();
  await proveEqual(side);
  const { repeat, repeatEmpty } = side;
  const repeated = repeat && {
    unchanged: await idleThenTime(slate, repeat),
    again: await idleThenTime(slate, repeat),
    ...(repeatEmpty && { empty: await idleThenTime(slate, repeatEmpty) }),
  };
  const removed = await idleThenTime(slate, () => side.remove());
  await slate.clustersAsBefore();
  const times = { answered, finished, ...repeated, removed };
  const line = Object.entries(times).map(([name, seconds]) => `${name} ${seconds.toFixed(1)} s`);
  say(`round ${round}, ${side.name}: ${line.join(", ")}`);
  return {
    round,
    side: side.name,
    busyBefore,
    processor,
    ...times,
    steps: { install: installSteps, removal: side.steps() },
  };
}

/** Sends requests from the start, because the time at which the mesh is ready is unknown. */
async function install(
  side: Side,
  clusters: readonly Cluster[],
  namespace: string,
): Promise<Pick<Measurement, "answered" | "finished" | "processor">> {
  const failure = new AbortController();
  const { busy } = processorTime();
  const from = performance.now();
  const seconds = () => (performance.now() - from) / 1_000;
  const secondsToAnswers = firstAnswers({
    clusters,
    namespace,
    deadline: ANSWERED_WITHIN,
    signal: failure.signal,
  }).then(seconds);
  const installed = side.install().then(seconds);
  installed.catch((error: unknown) => failure.abort(error));
  const [answered, ended] = await Promise.all([secondsToAnswers, installed]);
  return { answered, finished: Math.max(answered, ended), processor: processorTime().busy - busy };
}

/** Runs the program's own proof, so that neither side is faster by doing less. */
async function proveEqual(side: Side): Promise<void> {
  const results = await prove(await side.mesh());
  const failed = results.filter(({ passed }) => !passed);
  if (failed.length > 0)
    throw new Error(
      `${side.name}'s mesh does not work:\n${failed.map((result) => reportLine(result, "en")).join("\n")}`,
    );
}

async function idleThenTime(slate: CleanSlate, work: () => Promise<void>): Promise<number> {
  await slate.machineIdle();
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1_000;
}
