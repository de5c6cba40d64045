// Killed at any moment, up and destroy only have to be run again, after the `pulumi cancel` that Pulumi itself asks for.
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labDown } from "../../lab/down.ts";
import { meshOutput, pulumi, pulumiDestroy, pulumiEnvironment, pulumiUp, stackFile } from "../../lab/pulumi.ts";
import { labSpec } from "../../lab/spec.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "./apiSnapshot.ts";
import { type Api, apiOf } from "./kubectl.ts";
import { killTree } from "./processTree.ts";
import { options, ROOT } from "./testLab.ts";

/** Rounds, each of a killed up and a killed destroy: on request, because ten take a quarter of an hour and more. */
const ROUNDS = Number(process.env.CSP_MESH_INTERRUPTIONS ?? 0);
const SEED = Number(process.env.CSP_MESH_SEED ?? 20_260_101);

let lab: Lab;
let apis: readonly Api[];
let before: readonly ApiSnapshot[];
/** How long each takes when nothing interrupts it, in ms. */
const span = { up: 0, destroy: 0 };

const snapshots = () => Promise.all(apis.map(({ config }) => apiSnapshot(config)));

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function* random(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}

const numbers = random(SEED);
// One in each tenth of the span: spread, and yet at no moment that somebody chose.
const rounds = Array.from({ length: Math.max(1, ROUNDS) }, (_, round) => ({
  round: round + 1,
  up: (round + numbers.next().value) / Math.max(1, ROUNDS),
  destroy: (round + numbers.next().value) / Math.max(1, ROUNDS),
}));

async function killed(command: "up" | "destroy", moment: number): Promise<void> {
  const flags = ["--yes", "--non-interactive", "--skip-preview", "--suppress-progress", "--stack", "lab"];
  const run = execa("pulumi", [command, ...flags, "--config-file", stackFile(lab)], {
    cwd: ROOT,
    env: pulumiEnvironment(lab),
    reject: false,
    stdin: "ignore",
  });
  // The moment is what is tested: no condition could say it.
  await Promise.race([run, pause(moment * span[command])]);
  if (run.pid !== undefined && run.exitCode === undefined) killTree(run.pid);
  await run;
  await pulumi(lab, ["cancel", "--yes"], { quiet: true });
}

describe.skipIf(ROUNDS === 0)("interrupted", () => {
  beforeAll(async () => {
    await labDown(labSpec(options));
    lab = await labUp(options);
    apis = lab.clusters.map((cluster) => apiOf(lab, cluster));
    before = await snapshots();
    span.up = await timed(() => pulumiUp(lab, "--skip-preview"));
    span.destroy = await timed(() => pulumiDestroy(lab, "--skip-preview"));
  });

  afterAll(() => labDown(labSpec(options)));

  test.each(rounds)(
    "round $round: up killed at $up of its time, destroy at $destroy of its",
    async ({ up, destroy }) => {
      await killed("up", up);
      await pulumiUp(lab, "--skip-preview");
      expect(JSON.parse(await meshOutput(lab)).clusters).toHaveLength(2);
      expect(await pulumiUp(lab)).toMatch(/Resources:\n {4}\d+ unchanged\n/);

      await killed("destroy", destroy);
      await pulumiDestroy(lab, "--skip-preview");
      expect(JSON.parse(await pulumi(lab, ["stack", "export"], { quiet: true })).deployment.resources ?? []).toEqual(
        [],
      );
      await waitFor("both clusters as they were", 60_000, async () => {
        const after = await snapshots();
        const left = before.flatMap((snapshot, index) => apiDifference(snapshot, after[index] ?? new Map()));
        return left.length === 0 ? true : left.join("\n");
      });
    },
  );
});
