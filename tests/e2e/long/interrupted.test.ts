// After a kill at any moment, up and destroy only need to be run again, after the `pulumi cancel` that Pulumi itself
// requires.
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labDown } from "../../../lab/down.ts";
import { meshOutput, pulumi, pulumiDestroy, pulumiEnvironment, pulumiUp, stackFile } from "../../../lab/pulumi.ts";
import { labSpec } from "../../../lab/spec.ts";
import { type Lab, labUp } from "../../../lab/up.ts";
import { waitFor } from "../../../lab/wait.ts";
import { ROOT } from "../../root.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "../apiSnapshot.ts";
import { INTERRUPTIONS, random, SEED } from "../interruptions.ts";
import { type Api, apiOf } from "../kubectl.ts";
import { killTree } from "../processTree.ts";
import { options } from "../testLab.ts";

let lab: Lab;
let apis: readonly Api[];
let before: readonly ApiSnapshot[];
/** Duration of an uninterrupted run, in ms. */
const span = { up: 0, destroy: 0 };

const snapshots = () => Promise.all(apis.map(({ config }) => apiSnapshot(config)));

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const numbers = random(SEED);
// One moment in each tenth of the duration: evenly distributed, but random.
const rounds = Array.from({ length: Math.max(1, INTERRUPTIONS) }, (_, round) => ({
  round: round + 1,
  up: (round + numbers.next().value) / Math.max(1, INTERRUPTIONS),
  destroy: (round + numbers.next().value) / Math.max(1, INTERRUPTIONS),
}));

/** Whether the kill at that moment hit `pulumi up` or `pulumi destroy` before it had finished. */
async function died(command: "up" | "destroy", moment: number): Promise<boolean> {
  const flags = ["--yes", "--non-interactive", "--skip-preview", "--suppress-progress", "--stack", "lab"];
  const start = performance.now();
  const run = execa("pulumi", [command, ...flags, "--config-file", stackFile(lab)], {
    cwd: ROOT,
    env: pulumiEnvironment(lab),
    reject: false,
    stdin: "ignore",
    all: true,
  });
  // A fixed time, because the moment itself is tested.
  await Promise.race([run, pause(moment * span[command])]);
  const after = performance.now() - start;
  const processes = killTree(run.pid as number);
  const { signal, exitCode, all } = await run;
  process.stdout.write(`${command} after ${Math.round(after)} ms: ${signal ?? exitCode}, ${processes} processes\n`);
  if (signal === "SIGKILL") {
    expect(processes).toBeGreaterThan(0);
    await pulumi(lab, ["cancel", "--yes"], { quiet: true });
    return true;
  }
  // This run was faster than the first, so it has finished and must be repeated.
  expect([exitCode, all]).toEqual([0, expect.anything()]);
  span[command] = after;
  return false;
}

/** For each cluster, the status of every Helm revision, and the Secrets with tokens for peers. */
const made = () =>
  Promise.all(
    apis.map(async ({ core }) => {
      const { items } = await core.listNamespacedSecret({ namespace: "istio-system" });
      const releases = items.filter(({ metadata }) => metadata?.labels?.owner === "helm");
      return {
        deployed: releases
          .filter(({ metadata }) => metadata?.labels?.status === "deployed")
          .map(({ metadata }) => metadata?.labels?.name)
          .toSorted(),
        pending: releases
          .filter(({ metadata }) => metadata?.labels?.status?.startsWith("pending-"))
          .map(({ metadata }) => metadata?.name),
        tokens: items.filter(({ type }) => type === "kubernetes.io/service-account-token").length,
      };
    }),
  );
const once = { deployed: ["istio-base", "istiod"], pending: [], tokens: 1 };

describe.skipIf(INTERRUPTIONS === 0)("interrupted", () => {
  beforeAll(async () => {
    await labDown(labSpec(options));
    lab = await labUp(options);
    apis = lab.clusters.map((cluster) => apiOf(lab, cluster));
    before = await snapshots();
    process.stdout.write(`CSP_MESH_INTERRUPTIONS=${INTERRUPTIONS} CSP_MESH_SEED=${SEED}\n`);
    span.up = await timed(() => pulumiUp(lab, "--skip-preview"));
    span.destroy = await timed(() => pulumiDestroy(lab, "--skip-preview"));
  });

  afterAll(() => labDown(labSpec(options)));

  test.each(rounds)(
    "round $round: up killed at $up of its time, destroy at $destroy of its",
    async ({ up, destroy }) => {
      while (!(await died("up", up))) await pulumiDestroy(lab, "--skip-preview");
      await pulumiUp(lab, "--skip-preview");
      expect(JSON.parse(await meshOutput(lab)).clusters).toHaveLength(2);
      expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);

      expect(await made()).toEqual([once, once]);

      while (!(await died("destroy", destroy))) await pulumiUp(lab, "--skip-preview");
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
