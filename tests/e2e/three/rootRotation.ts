// Rotates the root of a mesh of three clusters with the command, while each cluster sends requests to the others.
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { istiodDebug } from "../../../istiod/debug.ts";
import { endpointsByCluster } from "../../../istiod/endpointShards.ts";
import { pulumi, pulumiDestroy, pulumiUp } from "../../../lab/pulumi.ts";
import type { ClusterSpec } from "../../../lab/spec.ts";
import { waitFor } from "../../../lab/wait.ts";
import type { Api } from "../kubectl.ts";
import { completedAfterKills, meshCommand, operate, underRequests } from "../meshCommand.ts";
import { configure, configured } from "../stackConfig.ts";
import { acceptedBy, everywhere, stolenFrom } from "../thief.ts";
import { apis, lab } from "./lab.ts";

const command = (...args: string[]) => operate(lab, "rotate-root", ...args);

/** Six phases, in each of which kubelets may take up to a minute and a half to update mounted Secrets. */
const WALK = { timeout: 1_200_000 };

const rootOf = async () =>
  JSON.parse(await pulumi(lab, ["stack", "output", "mesh", "--json"], { quiet: true })).rootCertificate as string;
const phase = async () => ((await configured(lab, "rootRotation")) as { phase?: string } | undefined)?.phase;

/** Cuts a cluster off from everything outside of it, or connects it again. */
const cable = ({ cable }: ClusterSpec, to: "up" | "down") =>
  execa("ip", ["-n", lab.cloudNetns, "link", "set", cable, to]);

/** Starts the command, and cuts a cluster off as soon as the config declares a phase. The command has to stop there. */
async function diesIn(wanted: string, dead: ClusterSpec): Promise<void> {
  const running = command("--wait", "30");
  await waitFor(`phase ${wanted}`, 600_000, async () => {
    const now = await phase();
    return now === wanted || `phase ${now}`;
  });
  await cable(dead, "down");
  const { exitCode, all } = await running;
  expect(exitCode, all).not.toBe(0);
  expect(all).toContain(dead.name);
  expect(all).toContain("npm run mesh -- rotate-root");
  expect(await phase()).toBe(wanted);
}

export function testRootRotation(): void {
  test("stops if a cluster dies, and goes back to the former root once it answers again", WALK, async () => {
    const [, dead] = lab.clusters as [ClusterSpec, ClusterSpec];
    onTestFinished(async () => void (await cable(dead, "up")));
    const before = await rootOf();
    // istiods sign with the new root in this phase.
    await diesIn("renew", dead);
    await cable(dead, "up");
    const whole = await meshCommand(lab, "status", "--wait=300");
    expect(whole.exitCode, whole.all).toBe(0);
    await underRequests(apis, async () => {
      const { exitCode, all } = await command("--back");
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

  test("is completed without a cluster that died, once it is forgotten, and destroy leaves nothing", WALK, async () => {
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
}
