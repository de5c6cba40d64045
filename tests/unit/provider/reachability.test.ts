// The probe in `pulumi up`, run by a provider that may be interrupted or killed at any time.
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { OWNER, ownerLabel } from "../../../mesh/claim.ts";
import { MODULE } from "../../../provider/kindNames.ts";
import { type StartOptions, startProvider } from "../../providerProcess.ts";
import { type FakeCluster, startFakeCluster } from "../probe/fakeCluster.ts";

const TYPE = `${MODULE}Reachability`;
const owner = "acme/mesh/prod";

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
const requests = () => clusters.reduce((sum, cluster) => sum + cluster.requests.length, 0);

/** @param more additional text in each kubeconfig */
const inputs = (servers: Record<string, string> = {}, more = "") => ({
  owner,
  image: "r/proxyv2:1",
  pullSecrets: [],
  awaitSeconds: 20,
  clusters: clusters.map(({ name, server, kubeconfig }) => ({
    name,
    server: servers[name] ?? server,
    kubeconfig: `${kubeconfig}${more}`,
    context: name,
  })),
});

async function start({ env, ...options }: StartOptions = {}) {
  const provider = await startProvider({ env: { LC_ALL: "C", ...env }, ...options });
  onTestFinished(() => {
    provider.engine.process.kill("SIGKILL");
    return provider.stop();
  });
  return { ...provider, probe: (news: object = inputs()) => provider.engine.create(TYPE, { ...news }) };
}

const identities = () => clusters.map(({ name, server }) => `${name} ${server}`);

test("records the probed clusters, and does not wait for the deletion of namespaces", async () => {
  for (const { behaviour } of clusters) behaviour.removal = 1_500;
  const { probe, log, stop, stderr } = await start();
  const { state } = await probe();
  expect(state.probed).toEqual(identities());
  expect(left()).toHaveLength(2);
  // The provider exits only after the deletion.
  await stop();
  expect(left()).toEqual([]);
  expect([log.lines, stderr()]).toEqual([[], ""]);
});

test.each([
  ["en_US.UTF-8", "no part of the mesh was created", "DO: set clusters[1].apiServer"],
  ["ko_KR.UTF-8", "메시를 만들지 않았습니다", "조치: clusters[1].apiServer를"],
])("reports a failure in the language of %s, with remedies and without tokens", async (LC_ALL, head, todo) => {
  const { probe, log, stderr } = await start({ env: { LC_ALL } });
  const error = await probe(inputs({ two: "https://127.0.0.1:1" })).catch((error: Error) => error);
  const { message } = error as Error;
  expect(message).toContain(head);
  expect(message).toContain("one -> two: 127.0.0.1:1");
  expect(message).toContain(todo);
  expect([message, ...log.lines, stderr()].join("\n")).not.toMatch(/token of|admin|certificate-authority/);
  await until(() => left().length === 0);
});

test("accepts long kubeconfigs", async () => {
  const { probe } = await start();
  await probe(inputs({}, `# ${"x".repeat(1_000_000)}\n`));
  await until(() => left().length === 0);
});

test("probes again only after a cluster was added or an address changed", async () => {
  const { engine } = await start();
  const before = { probed: [...identities(), "three https://gone"] };
  expect(await engine.update(TYPE, before, inputs())).toMatchObject({ probed: identities() });
  expect(requests()).toBe(0);
  await engine.update(TYPE, { probed: [identities()[0], "two https://before"] }, inputs());
  expect(clusters.every(({ requests }) => requests.includes("POST /api/v1/namespaces"))).toBe(true);
});

test("ignores changes of kubeconfigs and the timeout", async () => {
  const { engine } = await start();
  const [before, after] = [inputs(), { ...inputs({}, "# another text\n"), awaitSeconds: 30 }];
  expect((await engine.detailedDiff(TYPE, before, after, { probed: identities() })).changed).toBe(false);
  const moved = inputs({ two: "https://elsewhere" });
  expect((await engine.detailedDiff(TYPE, before, moved, { probed: identities() })).changed).toBe(true);
});

describe("a probe that is interrupted", () => {
  /** Starts a slow probe. */
  async function probing(options?: StartOptions, requestsBefore = 6) {
    for (const { behaviour } of clusters) behaviour.meet = () => pause(30, undefined);
    const provider = await start(options);
    const probe = provider.probe();
    const error = probe.then(
      () => "it came to its end",
      ({ message }: Error) => message,
    );
    await until(() => requests() >= requestsBefore);
    return { ...provider, error };
  }
  const made = () => clusters.filter(({ requests }) => requests.includes("POST /api/v1/namespaces"));

  test("by cancel of the engine cleans up first, then reports the interruption", async () => {
    const { engine, error, ended, log } = await probing();
    await engine.cancel();
    expect(await error).toBe("interrupted; run the same command again");
    engine.process.kill("SIGINT");
    await ended;
    expect(made().length).toBeGreaterThan(0);
    expect(left()).toEqual([]);
    log.close();
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s cleans up first, then reports the interruption",
    async (signal) => {
      const { engine, error, ended, log } = await probing();
      engine.process.kill(signal);
      expect(await error).toBe(`interrupted by ${signal}; run the same command again`);
      await ended;
      expect(left()).toEqual([]);
      log.close();
    },
  );

  test("by the death of its engine cleans up and exits", async () => {
    const { engine, ended, log } = await probing({ isBelowShell: true });
    engine.process.kill("SIGKILL");
    log.close();
    await ended;
    expect(made().length).toBeGreaterThan(0);
    expect(left()).toEqual([]);
  });

  test("by SIGKILL leaves namespaces that the stack's next probe deletes", { timeout: 120_000 }, async () => {
    for (const requestsBefore of [2, 6, 12]) {
      for (const cluster of clusters) cluster.requests.length = 0;
      const { engine, ended, log } = await probing({}, requestsBefore);
      engine.process.kill("SIGKILL");
      await ended;
      log.close();
    }
    // Delete all namespaces of the probe, regardless of their age.
    for (const { namespaces } of clusters) {
      namespaces.set("csp-mesh-probe-00000000", {
        created: Date.now(),
        labels: { "csp-mesh.io/probe": "up", [OWNER]: ownerLabel(owner) },
      });
    }
    for (const { behaviour } of clusters) delete behaviour.meet;
    const { probe } = await start();
    await probe();
    await until(() => left().length === 0);
  });
});

describe("removing a cluster from the stack", () => {
  const leave = ({ namespaces }: FakeCluster, name: string, labels: Record<string, string>) =>
    namespaces.set(`csp-mesh-probe-${name}`, { created: Date.now(), labels });

  async function cleanUp({ name: cluster, kubeconfig }: FakeCluster) {
    const { engine } = await start();
    const news = { cluster, access: { kubeconfig, context: cluster }, owner };
    await engine.delete(`${MODULE}ProbeLeftovers`, {}, news);
  }

  test("deletes leftovers of the stack's killed probes, but not those of others", async () => {
    const [cluster] = clusters as [FakeCluster];
    cluster.behaviour.removal = 300;
    leave(cluster, "ours", { "csp-mesh.io/probe": "up", [OWNER]: ownerLabel(owner) });
    leave(cluster, "theirs", { "csp-mesh.io/probe": "up", [OWNER]: ownerLabel("acme/mesh/test") });
    leave(cluster, "command", { "csp-mesh.io/probe": "command" });
    await cleanUp(cluster);
    expect(left()).toEqual(["csp-mesh-probe-theirs", "csp-mesh-probe-command"]);
  });

  test("fails if the cluster rejects the deletion", async () => {
    const [cluster] = clusters as [FakeCluster];
    leave(cluster, "ours", { "csp-mesh.io/probe": "up", [OWNER]: ownerLabel(owner) });
    cluster.behaviour.meet = async (request) =>
      request.startsWith("DELETE") ? { status: 400, message: "no" } : undefined;
    await expect(cleanUp(cluster)).rejects.toThrow(new Error("one: no"));
  });
});
