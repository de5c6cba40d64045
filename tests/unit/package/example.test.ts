// What another program gets from npm.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeConsumer } from "../../consumer.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const PREVIEW = join(import.meta.dirname, "preview.mjs");

let consumer: string;
beforeAll(async () => {
  consumer = await makeConsumer();
}, 300_000);
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

/** Previews a program of the consumer over Pulumi's mocks, in a process that knows nothing of this repository. */
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

  test("previews a mesh of three clusters, one with options of its own", async () => {
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
    const istiod = (cluster: string) => resources.find(({ name }) => name === `${cluster}-istiod`)?.inputs;
    expect(istiod("kt")).toMatchObject({ timeout: 900, values: { pilot: { resources: { requests: { cpu: "2" } } } } });
    expect(istiod("nhn")).toMatchObject({ timeout: 300 });
    expect(JSON.stringify(istiod("nhn"))).not.toContain("4Gi");
  }, 120_000);

  test("gets hooks that Node runs as they are", async () => {
    writeFileSync(
      join(consumer, "hook.ts"),
      `import { clusterHook } from "csp-mesh"; clusterHook("h", { hook: "hook", kubeconfig: "/k", context: "c" }, {});`,
    );
    const create = (await preview("hook.ts")).find(({ name }) => name === "h")?.inputs.create as string;
    const dist = "./node_modules/csp-mesh/dist";
    expect(create).toBe(`node --import '${dist}/config/keepCompiled.js' '${dist}/hooks/hook.js' create`);
    await execa("sh", ["-c", create], {
      cwd: consumer,
      env: { NODE_OPTIONS: "--no-strip-types" },
      preferLocal: true,
      localDir: ROOT,
    });
  }, 120_000);
});
