// The probe as `pulumi up` runs it: a process that may be killed at any time, and one that tidies up.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeCluster, startFakeCluster } from "./fakeCluster.ts";

const HOOKS = join(import.meta.dirname, "..", "..", "..", "hooks");

let clusters: FakeCluster[] = [];
beforeEach(async () => {
  clusters = await Promise.all(["one", "two"].map((name) => startFakeCluster(name)));
});
afterEach(() => {
  for (const cluster of clusters) cluster.close();
});

const left = () => clusters.flatMap(({ namespaces }) => [...namespaces.keys()]);
const until = async (holds: () => boolean) => {
  while (!holds()) await pause(10);
};

/** @param more what else is in each kubeconfig */
function start(environment: Record<string, string> = {}, servers: Record<string, string> = {}, more = "") {
  const told = clusters.map(({ name, server, kubeconfig }) => ({
    name,
    server: servers[name] ?? server,
    kubeconfig: `${kubeconfig}${more}`,
    context: name,
  }));
  const settings = { clusters: told, image: "r/proxyv2:1", pullSecrets: [], awaitSeconds: 20, gateways: false };
  const env = { ...process.env, LC_ALL: "C", ...environment };
  const child = spawn(process.execPath, [join(HOOKS, "reachability.ts")], { env, detached: true });
  child.stdin.end(JSON.stringify(settings));
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (part) => {
    said.stdout += part;
  });
  child.stderr.on("data", (part) => {
    said.stderr += part;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((done) =>
    child.on("close", (code) => done({ code, ...said })),
  );
  return { child, ended };
}

const identities = () => clusters.map(({ name, server }) => `${name} ${server}`);

test("says which clusters it probed, and waits for nothing that goes by itself", async () => {
  for (const { behaviour } of clusters) behaviour.removal = 5_000;
  const { code, stdout, stderr } = await start().ended;
  expect(left()).toHaveLength(2);
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toEqual(identities());
  await until(() => left().length === 0);
});

test.each([
  ["en_US.UTF-8", "nothing of it was made", "DO: set clusters[1].apiServer"],
  ["ko_KR.UTF-8", "메시를 만들지 않았습니다", "조치: clusters[1].apiServer를"],
])("fails in the language of %s with what to do, and tells no token", async (LC_ALL, head, todo) => {
  const { code, stdout, stderr } = await start({ LC_ALL }, { two: "https://127.0.0.1:1" }).ended;
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(head);
  expect(stderr).toContain("one -> two: 127.0.0.1:1");
  expect(stderr).toContain(todo);
  expect(stderr).not.toMatch(/token of|admin/);
  await until(() => left().length === 0);
});

test("is told kubeconfigs of any length", async () => {
  // Two are longer than an environment variable can be.
  const { code, stderr } = await start({}, {}, `# ${"x".repeat(100_000)}\n`).ended;
  expect([code, stderr]).toEqual([0, ""]);
  await until(() => left().length === 0);
});

test("probes again for one more cluster, or another address, and for nothing else", async () => {
  const before = JSON.stringify([...identities(), "three https://gone"]);
  const { code, stdout } = await start({ PULUMI_COMMAND_STDOUT: before }).ended;
  expect([code, JSON.parse(stdout)]).toEqual([0, identities()]);
  expect(clusters.flatMap(({ requests }) => requests)).toEqual([]);
  await start({ PULUMI_COMMAND_STDOUT: JSON.stringify([identities()[0], "two https://before"]) }).ended;
  expect(clusters.every(({ requests }) => requests.includes("POST /api/v1/namespaces"))).toBe(true);
});

test("whoever kills it, with all of its group and at any moment, nothing stays", { timeout: 60_000 }, async () => {
  for (const { behaviour } of clusters) behaviour.meet = () => pause(30, undefined);
  for (const requests of [1, 2, 4, 6, 9, 12, 16]) {
    for (const cluster of clusters) cluster.requests.length = 0;
    const { child, ended } = start();
    await until(() => clusters.reduce((sum, cluster) => sum + cluster.requests.length, 0) >= requests);
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await ended;
    const deleted = ({ requests }: FakeCluster) => requests.some((request) => /^DELETE .*probe-\w+$/.test(request));
    const made = ({ requests }: FakeCluster) => requests.includes("POST /api/v1/namespaces");
    await until(() => left().length === 0 && clusters.every((cluster) => !made(cluster) || deleted(cluster)));
  }
});

describe("when the stack goes", () => {
  const removeLeftovers = (cluster: FakeCluster) =>
    execa(process.execPath, [join(HOOKS, "probeLeftovers.ts"), "delete"], {
      env: { CSP_MESH_KUBECONFIG: cluster.kubeconfig, CSP_MESH_CONTEXT: cluster.name },
      reject: false,
    });
  const leave = ({ namespaces }: FakeCluster, by: string) =>
    namespaces.set(`csp-mesh-probe-${by}`, { created: Date.now(), labels: { "csp-mesh.io/probe": by } });

  test("what a killed one left is gone, and what somebody's command has made stays", async () => {
    const [cluster] = clusters as [FakeCluster];
    cluster.behaviour.removal = 300;
    for (const by of ["up", "command"]) leave(cluster, by);
    expect(await removeLeftovers(cluster)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(left()).toEqual(["csp-mesh-probe-command"]);
  });

  test("an account that may not look for it is told, and the stack goes", async () => {
    const [cluster] = clusters as [FakeCluster];
    const message = "namespaces is forbidden";
    cluster.behaviour.meet = async (request) => (request.includes("?") ? { status: 403, message } : undefined);
    const { exitCode, stderr } = await removeLeftovers(cluster);
    expect([exitCode, stderr.split("\n")[0]]).toEqual([0, message]);
    expect(stderr).toContain("kubectl delete namespace -l csp-mesh.io/probe=up");
  });

  test("a cluster that fails keeps it from going", async () => {
    const [cluster] = clusters as [FakeCluster];
    leave(cluster, "up");
    cluster.behaviour.meet = async (request) =>
      request.startsWith("DELETE") ? { status: 400, message: "no" } : undefined;
    expect(await removeLeftovers(cluster)).toMatchObject({ exitCode: 1, stderr: "no" });
  });
});
