// Rotates the root of a mesh of two clusters with the command, while each cluster sends requests to both.
import { afterAll, beforeAll, expect, test } from "vitest";
import { labDown } from "../../lab/down.ts";
import { pulumi, pulumiUp } from "../../lab/pulumi.ts";
import { labSpec } from "../../lab/spec.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { type Api, apiOf } from "./kubectl.ts";
import { killedOnce, meshCommand, underRequests } from "./meshCommand.ts";
import { configure, configured } from "./stackConfig.ts";
import { options } from "./testLab.ts";

let lab: Lab;
let apis: readonly Api[];

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp(options);
  apis = lab.clusters.map((cluster) => apiOf(lab, cluster));
  await pulumiUp(lab, "--skip-preview");
});

afterAll(() => labDown(labSpec(options)));

const command = (...args: string[]) => meshCommand(lab, "rotate-root", ...args);

/** Six phases, in each of which kubelets may take up to a minute and a half to update mounted Secrets. */
const WALK = { timeout: 1_200_000 };

const rootOf = async () =>
  JSON.parse(await pulumi(lab, ["stack", "output", "mesh", "--json"], { quiet: true })).rootCertificate as string;
const phase = async () => ((await configured(lab, "rootRotation")) as { phase?: string } | undefined)?.phase;

/** Kills the command and Pulumi as soon as the config declares a phase. */
const killedIn = (wanted: string) =>
  killedOnce(command(), `phase ${wanted}`, async () => {
    const now = await phase();
    return now === wanted || `phase ${now}`;
  });

test("goes back from the phase in which istiods sign with the new root, and keeps the former one", WALK, async () => {
  const before = await rootOf();
  await underRequests(apis, async () => {
    await killedIn("renew");
    const { exitCode, all } = await command("--back");
    expect(exitCode, all).toBe(0);
  });
  expect(await rootOf()).toBe(before);
  expect(await configured(lab, "rootRotation")).toBeUndefined();
  expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
});

test(
  "is completed although the command and Pulumi are killed, without a restart and a failed request",
  WALK,
  async () => {
    const before = await rootOf();
    const pods = () =>
      Promise.all(apis.map(async ({ cluster }) => (await cluster.pods("sample", "")).map(({ name }) => name)));
    const running = await pods();
    await underRequests(apis, async () => {
      await killedIn("issue");
      const { exitCode, all } = await command();
      expect(exitCode, all).toBe(0);
      expect(all).toContain("all 4 checks passed");
    });
    expect(await rootOf()).not.toBe(before);
    expect(await pods()).toEqual(running);
    expect(await configured(lab, "ca")).toMatchObject({ rootGeneration: 2 });
    expect(await configured(lab, "rootRotation")).toBeUndefined();
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  },
);

test("in a single step is refused by pulumi up", async () => {
  await configure(lab, { rootRotation: { phase: "issue" } });
  await expect(pulumiUp(lab, "--skip-preview")).rejects.toThrow();
  await configure(lab, { rootRotation: undefined });
});
