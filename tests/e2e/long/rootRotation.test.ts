// Rotates the root of a mesh of three clusters with the command, while each cluster sends requests to the others.
import { afterAll, beforeAll, expect, test } from "vitest";
import { pulumiUp } from "../../../lab/pulumi.ts";
import type { ClusterSpec } from "../../../lab/spec.ts";
import type { Api } from "../kubectl.ts";
import { completedAfterKills, operate, underRequests } from "../meshCommand.ts";
import { configure, configured } from "../stackConfig.ts";
import { acceptedBy, everywhere, stolenFrom } from "../thief.ts";
import { apis, end, lab, start } from "../three/lab.ts";
import { killedIn, rootOf, rotateRoot, WALK } from "../three/rootRotation.ts";

beforeAll(async () => {
  await start();
  await pulumiUp(lab, "--skip-preview");
});

afterAll(end);

test("goes back from the phase in which istiods sign with the new root, and keeps the former one", WALK, async () => {
  const before = await rootOf();
  await underRequests(apis, async () => {
    await killedIn("renew");
    const { exitCode, all } = await rotateRoot("--back");
    expect(exitCode, all).toBe(0);
  });
  expect(await rootOf()).toBe(before);
  expect(await configured(lab, "rootRotation")).toBeUndefined();
  expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
});

test(
  "for a stolen intermediate is completed although the command and Pulumi are killed at random moments, and no request fails",
  WALK,
  async () => {
    const [first] = lab.clusters as [ClusterSpec];
    const [robbed, other] = apis as [Api, Api];
    const before = await rootOf();
    const pods = () =>
      Promise.all(apis.map(async ({ cluster }) => (await cluster.pods("sample", "")).map(({ name }) => name)));
    const running = await pods();
    const stolen = await stolenFrom(robbed);
    expect(await acceptedBy(stolen, lab, apis)).toEqual(everywhere(lab, "accepted"));
    await underRequests(apis, async () => {
      const all = await completedAfterKills(() => operate(lab, "distrust", first.name), 40);
      expect(all).toContain("all 4 checks passed");
    });
    expect(await acceptedBy(stolen, lab, apis)).toEqual(everywhere(lab, expect.stringMatching(/^refused: /)));
    // Without this, a refusal would prove nothing.
    expect(await acceptedBy(await stolenFrom(other), lab, apis)).toEqual(everywhere(lab, "accepted"));
    expect(await rootOf()).not.toBe(before);
    expect(await pods()).toEqual(running);
    expect(await configured(lab, "ca")).toMatchObject({ rootGeneration: 2 });
    expect(await configured(lab, "operation")).toBeUndefined();
    expect(await configured(lab, "rootRotation")).toBeUndefined();
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  },
);

test("in a single step is refused by pulumi up", async () => {
  await configure(lab, { rootRotation: { phase: "issue" } });
  await expect(pulumiUp(lab, "--skip-preview")).rejects.toThrow();
  await configure(lab, { rootRotation: undefined });
});
