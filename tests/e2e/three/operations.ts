// Runs the commands for operations on a mesh of three clusters, while every cluster sends requests to every cluster.
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { stackConfig } from "../../../cli/stackConfig.ts";
import { catalogue } from "../../../i18n/language.ts";
import { pulumi, pulumiUp, stackFile } from "../../../lab/pulumi.ts";
import { parseMesh } from "../../../proof/mesh.ts";
import { isSeen } from "../../../status/facts.ts";
import { lookAtMesh } from "../../../status/lookAtMesh.ts";
import { ROOT } from "../../root.ts";
import type { Api } from "../kubectl.ts";
import { operate, underRequests } from "../meshCommand.ts";
import { killTree } from "../processTree.ts";
import { configured } from "../stackConfig.ts";
import { apis, clusterNames, lab } from "./lab.ts";

const [first, middle, last] = clusterNames;

const command = (...args: string[]) => operate(lab, ...args);

/** The lab's stack file has no encrypted values. */
const world = {
  root: ROOT,
  env: {},
  stdout: () => {},
  stderr: () => {},
  pulumi: () => Promise.reject(new Error("not needed")),
};

interface Entry {
  readonly name: string;
  readonly context: string;
  readonly kubeconfig: string;
  readonly csp: string;
  readonly tokenGeneration?: number;
  readonly caGeneration?: number;
  readonly sampleVersion?: number;
}
const entries = async () => (await configured(lab, "clusters")) as readonly Entry[];

const tokenSecrets = async ({ core }: Api) =>
  (await core.listNamespacedSecret({ namespace: "istio-system" })).items
    .filter(({ type }) => type === "kubernetes.io/service-account-token")
    .map(({ metadata }) => metadata?.name);

const samplePods = (of: readonly Api[]) =>
  Promise.all(of.map(async ({ cluster }) => (await cluster.pods("sample", "")).map(({ name }) => name)));

/** The entry of the cluster that is removed and added again. */
let gone: Entry | undefined;

export function testOperations(): void {
  describe("rotate-tokens", () => {
    test("replaces every cluster's token without a failed request", async () => {
      const before = await Promise.all(apis.map(tokenSecrets));
      await underRequests(apis, async () => {
        const { exitCode, all } = await command("rotate-tokens");
        expect(exitCode, all).toBe(0);
        expect(all).toContain("all 4 checks passed");
      });
      const after = await Promise.all(apis.map(tokenSecrets));
      expect(after.map(({ length }) => length)).toEqual(before.map(({ length }) => length));
      expect(after.flat().filter((name) => before.flat().includes(name))).toEqual([]);
      expect((await entries()).map(({ tokenGeneration }) => tokenGeneration)).toEqual([2, 2, 2]);
    });

    test("is completed by the same command after kills, and raises no generation twice", async () => {
      await underRequests(apis, async () => {
        for (const seconds of [4, 9, 15, 22, 30]) {
          const running = command("rotate-tokens");
          const killer = setTimeout(() => killTree(running.pid ?? 0), seconds * 1_000);
          await running;
          clearTimeout(killer);
        }
        const { exitCode, all } = await command("rotate-tokens");
        expect(exitCode, all).toBe(0);
      });
      const generations = (await entries()).map(({ tokenGeneration }) => tokenGeneration ?? 1);
      // If the kill came too late, the run has finished, and the next one has started another rotation.
      expect(new Set(generations).size).toBe(1);
      expect(await configured(lab, "operation")).toBeUndefined();
      expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
    });
  });

  describe("renew-intermediates", () => {
    const intermediate = async ({ core }: Api) => {
      const { data } = await core.readNamespacedSecret({ namespace: "istio-system", name: "cacerts" });
      return data?.["ca-cert.pem"];
    };

    test("gives one cluster a new intermediate, with which its istiod signs, without a failed request", async () => {
      const before = await Promise.all(apis.map(intermediate));
      await underRequests(apis, async () => {
        const { exitCode, all } = await command("renew-intermediates", first);
        expect(exitCode, all).toBe(0);
        expect(all).toContain("all 4 checks passed");
      });
      const after = await Promise.all(apis.map(intermediate));
      expect(after.map((certificate, index) => certificate === before[index])).toEqual([false, true, true]);
      expect((await entries()).map(({ caGeneration }) => caGeneration)).toEqual([2, undefined, undefined]);
      const config = await stackConfig({ stack: "lab", "config-file": stackFile(lab) }, catalogue.en, world);
      const { looks } = await lookAtMesh(config, { timeout: 10_000, issuers: [first, middle] });
      expect(looks.filter(isSeen).map(({ issuer }) => issuer && [issuer.unloaded, issuer.proxies.length > 1])).toEqual([
        [[], true],
        [[], true],
        undefined,
      ]);
    });
  });

  test("writes only the given config file", async () => {
    const { stdout } = await execa("git", ["status", "--porcelain", "--", "*.yaml"], { cwd: ROOT });
    expect(stdout).toBe("");
  });

  describe("remove", () => {
    test("removes the middle cluster, while the others continue and keep their samples", async () => {
      const survivors = [apis[0], apis[2]] as Api[];
      const before = await samplePods(survivors);
      gone = (await entries()).find(({ name }) => name === middle);
      await underRequests(survivors, async () => {
        const { exitCode, all } = await command("remove", middle);
        expect(exitCode, all).toBe(0);
      });
      expect(await samplePods(survivors)).toEqual(before);
      expect((await entries()).map(({ name, sampleVersion }) => [name, sampleVersion])).toEqual([
        [first, undefined],
        [last, 3],
      ]);
      const mesh = parseMesh(await pulumi(lab, ["stack", "output", "mesh", "--json"], { quiet: true }));
      expect(mesh.sample?.versions).toEqual({ [first]: "v1", [last]: "v3" });
      const namespaces = await apis[1]?.core.listNamespace();
      expect(namespaces?.items.map(({ metadata }) => metadata?.name)).not.toContain("istio-system");
      expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
    });
  });

  describe("add", () => {
    test("adds the middle cluster again, while the others continue and keep their samples", async () => {
      const others = [apis[0], apis[2]] as Api[];
      const before = await samplePods(others);
      const { context = "", kubeconfig = "", csp = "" } = gone ?? {};
      const given = ["--at", "2", "--context", context, "--kubeconfig", kubeconfig, "--csp", csp];
      await underRequests(others, async () => {
        // Kill the command while Pulumi runs.
        const running = command("add", middle, ...given);
        const killer = setTimeout(() => killTree(running.pid ?? 0), 15_000);
        await running;
        clearTimeout(killer);
        const { exitCode, all } = await command("add", middle, ...given);
        expect(exitCode, all).toBe(0);
        expect(all).toContain("all 4 checks passed");
      });
      expect(await samplePods(others)).toEqual(before);
      expect((await entries()).map(({ name, sampleVersion }) => [name, sampleVersion])).toEqual([
        [first, undefined],
        [middle, undefined],
        [last, 3],
      ]);
      expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
    });
  });
}
