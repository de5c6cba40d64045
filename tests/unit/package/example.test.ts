// Tests the npm package as another program gets it.
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { MODULE } from "../../../provider/kindNames.ts";
import { kindTypes } from "../../../provider/kinds.ts";
import { makeConsumer } from "../../consumer.ts";
import { startProvider } from "../../providerProcess.ts";
import { ROOT } from "../../root.ts";

const PREVIEW = join(import.meta.dirname, "preview.mjs");

let consumer: string;
beforeAll(async () => {
  consumer = await makeConsumer();
}, 300_000);
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

/** Previews a consumer's program over Pulumi's mocks, in a process without access to this repository. */
async function preview(program: string) {
  const { stdout } = await execa(process.execPath, [PREVIEW, join(consumer, program)], {
    cwd: consumer,
    env: { KUBECONFIG: "/kubeconfig" },
  });
  return JSON.parse(stdout) as { type: string; name: string; inputs: Record<string, unknown> }[];
}

describe("a program that imports the package", () => {
  test("compiles", async () => {
    await execa("tsc", ["-p", consumer], { cwd: ROOT, preferLocal: true });
  }, 300_000);

  test("previews a mesh of three clusters, one of them with its own options", async () => {
    const resources = await preview("index.ts");
    const named = (type: string) => resources.filter((r) => r.type === type).map(({ name }) => name);
    expect(named("csp-mesh:index:IstioPrimaryCluster")).toEqual(["ncloud", "nhn", "kt"]);
    expect(named("csp-mesh:index:CrossNetworkLink").sort()).toEqual([
      "kt-to-ncloud",
      "kt-to-nhn",
      "ncloud-to-kt",
      "ncloud-to-nhn",
      "nhn-to-kt",
      "nhn-to-ncloud",
    ]);
    // The example has the same safety resources as the program.
    for (const kind of ["CiliumIstioPatch", "GatewayApiCrds", "DestroyGuard"])
      expect([kind, named(`csp-mesh:index:${kind}`)]).toEqual([kind, ["ncloud", "nhn", "kt"]]);
    expect(named("csp-mesh:index:ReachabilityProbe")).toEqual(["reachability"]);
    const cleanup = resources.find(({ name }) => name === "nhn-cleanup")?.inputs;
    expect(cleanup).toMatchObject({ cilium: {}, gatewayApi: true, metricsServer: false });
    expect(named("csp-mesh:cluster:ClusterClaim")).toEqual(["ncloud-claim", "nhn-claim", "kt-claim"]);
    const istiod = (cluster: string) => resources.find(({ name }) => name === `${cluster}-istiod`)?.inputs;
    expect(istiod("kt")).toMatchObject({ timeout: 900, values: { pilot: { resources: { requests: { cpu: "2" } } } } });
    expect(istiod("nhn")).toMatchObject({ timeout: 300 });
    expect(JSON.stringify(istiod("nhn"))).not.toContain("4Gi");
  }, 120_000);

  test("gets a provider that Pulumi finds and Node runs, with every kind of resource", async () => {
    const { plugins } = parse(readFileSync(join(consumer, "Pulumi.yaml"), "utf8"));
    const [{ name, path }, ...more] = plugins.providers;
    expect([name, more]).toEqual(["csp-mesh", []]);
    const executable = join(consumer, path, "pulumi-resource-csp-mesh");
    expect(statSync(executable).mode & 0o777).toBe(0o755);
    const provider = await startProvider({ executable, env: { NODE_OPTIONS: "--no-strip-types" } });
    try {
      const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
      expect(await provider.engine.version()).toBe(version);
      for (const type of kindTypes) {
        // With an unknown input, which every kind rejects.
        const { failures } = await provider.engine.check(type, { strange: true });
        expect(failures.join(), type).toContain("strange");
      }
      await expect(provider.engine.check(`${MODULE}Nothing`, {})).rejects.toThrow(
        `csp-mesh has no resource type ${MODULE}Nothing`,
      );
    } finally {
      await provider.stop();
    }
    expect(provider.stderr()).toBe("");
  }, 120_000);
});
