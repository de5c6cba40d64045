// Istio upgraded in three clusters, of which one dies in the middle: back from there once it answers again, and, without
// it, to the end.
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { pulumiUp } from "../../../lab/pulumi.ts";
import type { ClusterSpec } from "../../../lab/spec.ts";
import { expectUnchanged, FROM, installFormer, killedAt, REQUESTS, TO, versions, versionsOf } from "../formerIstio.ts";
import { completedAfterKills, meshCommand, operate, underRequests } from "../meshCommand.ts";
import { configured } from "../stackConfig.ts";
import { apis, cable, end, expectEndpointsOnlyOf, lab, start } from "../three/lab.ts";

/** Of a test that walks up to thirty states, in ms. */
const WALK = { timeout: 2_400_000 };

beforeAll(async () => {
  await start([FROM]);
  await installFormer(lab, apis);
});

afterAll(end);

const upgrade = (...args: string[]) => operate(lab, "upgrade", "--to", TO, ...args);

/** Kills the command at a state, cuts a cluster off, and runs the command again, which has to stop and name the cluster. */
async function diesAt(reached: number, dead: ClusterSpec): Promise<void> {
  await killedAt(lab, reached, "upgrade", "--to", TO);
  await cable(dead, "down");
  const { exitCode, all } = await upgrade("--wait", "30");
  expect(exitCode, all).not.toBe(0);
  expect(all).toContain(dead.name);
  expect(await configured(lab, "operation")).toMatchObject({ kind: "upgrade", to: TO });
}

test(
  "goes back, killed at random moments, once the dead cluster answers again, and no request fails",
  WALK,
  async () => {
    const [, dead] = lab.clusters as [ClusterSpec, ClusterSpec];
    onTestFinished(async () => void (await cable(dead, "up")));
    // The first cluster is done, and the second istiod of the dead one is on its way.
    await diesAt(8, dead);
    await cable(dead, "up");
    const status = await meshCommand(lab, "status", "--wait=300");
    console.log(`status: exit code ${status.exitCode}\n${status.all}`);
    await underRequests(apis, () => completedAfterKills(() => upgrade("--back"), 60), REQUESTS);
    expect(await versions(apis)).toEqual(versionsOf(lab.clusters, FROM, FROM));
    expect(await configured(lab, "operation")).toBeUndefined();
    await expectUnchanged(lab);
  },
);

test(
  "is finished without the dead cluster once it is forgotten, and no request of the others fails",
  WALK,
  async () => {
    const [first, dead, last] = lab.clusters as [ClusterSpec, ClusterSpec, ClusterSpec];
    const survivors = apis.filter((_, index) => index !== 1);
    await diesAt(8, dead);
    const forgotten = await meshCommand(lab, "forget", dead.name);
    expect(forgotten.exitCode, forgotten.all).toBe(0);
    await pulumiUp(lab, "--skip-preview");
    await underRequests(
      survivors,
      async () => {
        const { exitCode, all } = await upgrade();
        expect(exitCode, all).toBe(0);
        expect(all).toContain("all 4 checks passed");
      },
      REQUESTS,
    );
    expect(await versions(survivors)).toEqual(versionsOf([first, last], TO, FROM));
    await expectEndpointsOnlyOf(survivors);
    expect(await configured(lab, "operation")).toBeUndefined();
    await expectUnchanged(lab);
  },
);
