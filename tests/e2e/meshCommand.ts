// Commands of the mesh on a lab's stack, and requests that go on meanwhile.
import { execa } from "execa";
import { expect } from "vitest";
import { pulumiEnvironment, stackFile } from "../../lab/pulumi.ts";
import type { Lab } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { ROOT } from "../root.ts";
import { askOn } from "./askOn.ts";
import { INTERRUPTIONS, random, SEED } from "./interruptions.ts";
import type { Api } from "./kubectl.ts";
import { killTree } from "./processTree.ts";

/** Runs a command of the mesh without a terminal. It does not throw if the command fails. */
export const meshCommand = (lab: Lab, ...args: string[]) =>
  execa("node", ["cli/main.ts", ...args, "--stack", "lab", "--config-file", stackFile(lab)], {
    cwd: ROOT,
    env: pulumiEnvironment(lab),
    reject: false,
    stdin: "ignore",
    all: true,
  });

/** Runs an operation without a question. */
export const operate = (lab: Lab, ...args: string[]) => meshCommand(lab, ...args, "--yes");

interface Requests {
  /** Namespace whose `sleep` sends them. @default the sample's */
  readonly from?: string;
  /** How many answers there must be more than, after so many seconds. @default 100 */
  readonly moreThan?: (seconds: number) => number;
}

/** Runs a task while these clusters send requests, none of which may fail. */
export async function underRequests(
  callers: readonly Api[],
  task: () => Promise<unknown>,
  { from, moreThan = () => 100 }: Requests = {},
): Promise<void> {
  const requests = callers.map(({ cluster }) => askOn(cluster, from));
  const began = performance.now();
  const [ended] = await Promise.allSettled([task()]);
  const answers = (await Promise.all(requests.map((each) => each.stop()))).flat();
  const seconds = (performance.now() - began) / 1_000;
  const failed = answers.filter((answer) => "failure" in answer);
  console.log(`${answers.length} requests in ${seconds.toFixed(0)} s, ${failed.length} failed`, failed.slice(0, 5));
  if (ended.status === "rejected") throw ended.reason;
  expect(failed).toEqual([]);
  expect(answers.length).toBeGreaterThan(moreThan(seconds));
}

/** Kills a command and Pulumi, some milliseconds after a condition holds. @throws Error with its output if it ended before */
export async function killedOnce(
  running: ReturnType<typeof meshCommand>,
  what: string,
  isThere: () => Promise<true | string>,
  later = 0,
): Promise<void> {
  let ended = false;
  void running.finally(() => {
    ended = true;
  });
  await waitFor(what, 900_000, async () => ended || isThere());
  await new Promise((resolve) => setTimeout(resolve, later));
  if (killTree(running.pid ?? 0) === 0) throw new Error(`it had ended before: ${(await running).all}`);
  await running;
}

const numbers = random(SEED);

/**
 * Kills a command and Pulumi at random moments, starts it again each time, and lets it end.
 *
 * @param within latest moment after each start, in seconds
 * @returns the output of the last run
 */
export async function completedAfterKills(
  start: () => ReturnType<typeof meshCommand>,
  within: number,
): Promise<string | undefined> {
  console.log(`CSP_MESH_INTERRUPTIONS=${INTERRUPTIONS} CSP_MESH_SEED=${SEED}`);
  for (let kill = 1; ; kill++) {
    const running = start();
    // A fixed time, because the moment itself is tested.
    const moment = numbers.next().value * within;
    const killer = setTimeout(() => killTree(running.pid ?? 0), kill > INTERRUPTIONS ? 2 ** 31 - 1 : moment * 1_000);
    const { signal, exitCode, all } = await running;
    clearTimeout(killer);
    if (signal !== "SIGKILL") {
      expect(exitCode, all).toBe(0);
      return all;
    }
    console.log(
      `kill ${kill} after ${moment.toFixed(1)} s: ${all?.match(/\[\d+\/\d+\].*/g)?.at(-1) ?? "before its first state"}`,
    );
  }
}
