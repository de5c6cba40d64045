// One of three clusters dies in the middle of a rotation of the root. The operation is completed with it once it answers
// again, or without it.
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { pulumiDestroy, pulumiUp } from "../../../lab/pulumi.ts";
import type { ClusterSpec } from "../../../lab/spec.ts";
import { meshCommand, underRequests } from "../meshCommand.ts";
import { configured } from "../stackConfig.ts";
import { apis, cable, end, expectEndpointsOnlyOf, lab, start } from "../three/lab.ts";
import { killedIn, phase, rootOf, rotateRoot, WALK } from "../three/rootRotation.ts";

beforeAll(async () => {
  await start();
  await pulumiUp(lab, "--skip-preview");
});

afterAll(end);

/** Ends the command in a phase, cuts a cluster off, and runs the command again, which has to stop and name the cluster. */
async function diesIn(wanted: string, dead: ClusterSpec): Promise<void> {
  await killedIn(wanted);
  await cable(dead, "down");
  const { exitCode, all } = await rotateRoot("--wait", "30");
  expect(exitCode, all).not.toBe(0);
  expect(all).toContain(dead.name);
  expect(await phase()).toBe(wanted);
}

test("a cluster that answers again goes on with the others", WALK, async () => {
  const [, dead] = lab.clusters as [ClusterSpec, ClusterSpec];
  onTestFinished(async () => void (await cable(dead, "up")));
  const before = await rootOf();
  // istiods sign with the new root in this phase.
  await diesIn("renew", dead);
  await cable(dead, "up");
  const status = await meshCommand(lab, "status", "--wait=300");
  expect(status.exitCode, status.all).toBe(0);
  await underRequests(apis, async () => {
    const { exitCode, all } = await rotateRoot();
    expect(exitCode, all).toBe(0);
    expect(all).toContain("all 4 checks passed");
  });
  expect(await rootOf()).not.toBe(before);
  expect(await configured(lab, "rootRotation")).toBeUndefined();
  expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
});

test("a cluster that is forgotten is not needed any more, and destroy leaves nothing in the others", WALK, async () => {
  const [, dead] = lab.clusters as [ClusterSpec, ClusterSpec];
  const survivors = apis.filter((_, index) => index !== 1);
  const before = await rootOf();
  await diesIn("issue", dead);
  const forgotten = await meshCommand(lab, "forget", dead.name);
  expect(forgotten.exitCode, forgotten.all).toBe(0);
  await pulumiUp(lab, "--skip-preview");
  await underRequests(survivors, async () => {
    const { exitCode, all } = await rotateRoot();
    expect(exitCode, all).toBe(0);
    expect(all).toContain("all 4 checks passed");
  });
  expect(await rootOf()).not.toBe(before);
  expect(await configured(lab, "rootRotation")).toBeUndefined();
  await expectEndpointsOnlyOf(survivors);
  await pulumiDestroy(lab);
  const namespaces = await Promise.all(survivors.map(async ({ core }) => (await core.listNamespace()).items));
  expect(namespaces.flat().map(({ metadata }) => metadata?.name)).not.toContain("istio-system");
});
