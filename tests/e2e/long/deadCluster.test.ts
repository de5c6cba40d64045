// One of three clusters dies in the middle of a rotation of the root. The operation is completed with it once it answers
// again, or without it.
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { istiodDebug } from "../../../istiod/debug.ts";
import { endpointsByCluster } from "../../../istiod/endpointShards.ts";
import { pulumi, pulumiDestroy, pulumiUp } from "../../../lab/pulumi.ts";
import type { ClusterSpec } from "../../../lab/spec.ts";
import { killedOnce, meshCommand, operate, underRequests } from "../meshCommand.ts";
import { configured } from "../stackConfig.ts";
import { apis, cable, end, lab, start } from "../three/lab.ts";

beforeAll(async () => {
  await start();
  await pulumiUp(lab, "--skip-preview");
});

afterAll(end);

const command = (...args: string[]) => operate(lab, "rotate-root", ...args);

/** As in the tests of a rotation without such an accident. */
const WALK = { timeout: 1_200_000 };

const rootOf = async () =>
  JSON.parse(await pulumi(lab, ["stack", "output", "mesh", "--json"], { quiet: true })).rootCertificate as string;
const phase = async () => ((await configured(lab, "rootRotation")) as { phase?: string } | undefined)?.phase;

/** Ends the command in a phase, cuts a cluster off, and runs the command again, which has to stop and name the cluster. */
async function diesIn(wanted: string, dead: ClusterSpec): Promise<void> {
  await killedOnce(command(), `phase ${wanted}`, async () => {
    const now = await phase();
    return now === wanted || `phase ${now}`;
  });
  await cable(dead, "down");
  const { exitCode, all } = await command("--wait", "30");
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
    const { exitCode, all } = await command();
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
    const { exitCode, all } = await command();
    expect(exitCode, all).toBe(0);
    expect(all).toContain("all 4 checks passed");
  });
  expect(await rootOf()).not.toBe(before);
  expect(await configured(lab, "rootRotation")).toBeUndefined();
  const names = survivors.map(({ cluster: { name } }) => name).toSorted();
  for (const { cluster } of survivors) {
    const shards = await istiodDebug(cluster, "/debug/endpointShardz");
    for (const { text } of shards) expect(Object.keys(endpointsByCluster(text)).toSorted()).toEqual(names);
  }
  await pulumiDestroy(lab);
  const namespaces = await Promise.all(survivors.map(async ({ core }) => (await core.listNamespace()).items));
  expect(namespaces.flat().map(({ metadata }) => metadata?.name)).not.toContain("istio-system");
});
