import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OWNER, ownerLabel } from "../../../mesh/claim.ts";
import type { ProbeFinding } from "../../../mesh/probeFindings.ts";
import { type ProbeCluster, type ProbeOptions, probe } from "../../../probe/probe.ts";
import { type FakeCluster, startFakeCluster, stranger } from "./fakeCluster.ts";

const options: ProbeOptions = {
  by: "command",
  image: "r/proxyv2:1",
  pullSecrets: [],
  awaitSeconds: 20,
  gateways: false,
};

let clusters: FakeCluster[] = [];
const strays: unknown[] = [];
const onStray = (error: unknown) => strays.push(error);
beforeEach(async () => {
  clusters = await Promise.all(["one", "two", "three"].map((name) => startFakeCluster(name)));
  strays.length = 0;
  process.on("uncaughtException", onStray).on("unhandledRejection", onStray).on("warning", onStray);
});
afterEach(async () => {
  for (const cluster of clusters) cluster.close();
  await pause(20);
  process.off("uncaughtException", onStray).off("unhandledRejection", onStray).off("warning", onStray);
  expect(strays).toEqual([]);
});

const asTold = ({ name, server, kubeconfig }: FakeCluster): ProbeCluster => ({
  name,
  server,
  kubeconfig,
  context: name,
});
const run = (changes: Partial<ProbeOptions> = {}, edit = (original: ProbeCluster) => original) =>
  probe(
    clusters.map((cluster) => edit(asTold(cluster))),
    { ...options, ...changes },
  );
const cluster = (name: string) => clusters.find((found) => found.name === name) as FakeCluster;
const short = ({ id, cluster, peer }: ProbeFinding) => [id, cluster, peer].filter((part) => part).join(" ");
const left = () => clusters.flatMap(({ name, namespaces }) => [...namespaces.keys()].map((each) => `${name}: ${each}`));

test("every cluster probes every other, and all objects are deleted", async () => {
  const findings = await run();
  expect(findings.map(short).sort()).toEqual([
    "apiServerAnswers one three",
    "apiServerAnswers one two",
    "apiServerAnswers three one",
    "apiServerAnswers three two",
    "apiServerAnswers two one",
    "apiServerAnswers two three",
  ]);
  expect(left()).toEqual([]);
  for (const { requests } of clusters) {
    const made = requests
      .filter((request) => request.startsWith("POST"))
      .map((request) => request.replace(/-\w{8}\b/, ""));
    expect(made).toContain("POST /api/v1/namespaces/csp-mesh-probe/pods");
  }
});

test("reports a fault only for the pair that it affects", async () => {
  const findings = await run({}, (original) => ({
    ...original,
    ...(original.name === "one" && { server: "https://127.0.0.1:1" }),
    ...(original.name === "two" && { caBundle: stranger }),
    ...(original.name === "three" && {
      server: "https://nosuch.invalid",
      egressCidrs: ["203.0.113.0/28"],
      accessList: "ACL",
    }),
  }));
  expect(findings.map(short).sort()).toEqual([
    "apiServerUnconnected one three",
    "apiServerUnconnected three one",
    "apiServerUnconnected two one",
    "apiServerUnconnected two three",
    "apiServerUnknownCa one two",
    "apiServerUnknownCa three two",
  ]);
  expect(findings.find((finding) => short(finding) === "apiServerUnconnected three one")).toEqual({
    id: "apiServerUnconnected",
    severity: "error",
    cluster: "three",
    peer: "one",
    server: "https://127.0.0.1:1",
    address: "127.0.0.1:1",
    field: "clusters[0]",
    ownField: "clusters[2]",
    from: ["203.0.113.0/28"],
    why: "refused",
    said: "delayed connect error: Connection refused",
  });
  expect(findings.find((finding) => short(finding) === "apiServerUnconnected one three")).toMatchObject({
    why: "nameUnknown",
    list: "ACL",
  });
});

test("reports a token that the API server rejects", async () => {
  const findings = await run({}, (original) => ({ ...original, server: cluster("one").server }));
  expect(findings.map(short).sort().slice(2)).toEqual([
    "apiServerTokenRefused one three",
    "apiServerTokenRefused one two",
    "apiServerTokenRefused three two",
    "apiServerTokenRefused two three",
  ]);
});

test("reports a pod that does not start with the kubelet's message, and probes the other clusters", async () => {
  cluster("two").behaviour.state = { waiting: { reason: "ErrImagePull", message: "no such image" } };
  const findings = await run();
  expect(findings.map(short).sort()).toEqual([
    "apiServerAnswers one three",
    "apiServerAnswers one two",
    "apiServerAnswers three one",
    "apiServerAnswers three two",
    "podNotRunning two",
  ]);
  expect(findings.find(({ id }) => id === "podNotRunning")).toMatchObject({ said: "ErrImagePull: no such image" });
  expect(left()).toEqual([]);
});

test("with a pull secret, waits for the kubelet's second pull, because the first may lack the secret", async () => {
  const pullSecrets = [{ name: "login", login: { server: "r", username: "u", password: "p" } }];
  const { behaviour } = cluster("two");
  behaviour.state = { waiting: { reason: "ErrImagePull", message: "401 Unauthorized" } };
  let looks = 0;
  behaviour.meet = (request) => {
    if (/^GET .*\/pods\//.test(request) && ++looks === 3) delete behaviour.state;
    return undefined;
  };
  const findings = await run({ pullSecrets });
  expect(looks).toBe(3);
  expect(findings.filter(({ id }) => id === "podNotRunning")).toEqual([]);
});

test("reports a rejected pull secret after the second pull, without waiting for the timeout", {
  timeout: 60_000,
}, async () => {
  const pullSecrets = [{ name: "login", login: { server: "r", username: "u", password: "p" } }];
  cluster("two").behaviour.state = { waiting: { reason: "ErrImagePull", message: "401 Unauthorized" } };
  const findings = await run({ pullSecrets, awaitSeconds: 30 });
  expect(findings.find(({ id }) => id === "podNotRunning")).toMatchObject({ said: "ErrImagePull: 401 Unauthorized" });
});

test("waits for a pod that does not start until the timeout", async () => {
  cluster("two").behaviour.state = { waiting: { reason: "ContainerCreating" } };
  const findings = await run({ awaitSeconds: 0.3 });
  expect(findings.find(({ id }) => id === "podNotRunning")).toMatchObject({
    said: "it does not run after 0.3 s: ContainerCreating",
  });
  expect(left()).toEqual([]);
});

test("uses an Envoy that listens before the kubelet reports the container as running", async () => {
  for (const { behaviour } of clusters) {
    let looks = 0;
    behaviour.state = { waiting: { reason: "ContainerCreating" } };
    behaviour.forward = () => (looks++ < 2 ? "there is no such container" : undefined);
  }
  expect((await run()).map(({ id }) => id)).toEqual(Array(6).fill("apiServerAnswers"));
});

test("retries until Envoy listens", async () => {
  let refusals = 6;
  for (const { behaviour } of clusters) {
    behaviour.forward = () => (refusals-- > 0 ? "dial tcp4 127.0.0.1:15001: connect: connection refused" : undefined);
  }
  expect((await run()).map(({ id }) => id)).toEqual(Array(6).fill("apiServerAnswers"));
  expect(refusals).toBeLessThanOrEqual(0);
});

test("reports missing rights with the API server's message", async () => {
  const forbidden = (pattern: RegExp, message: string) => async (request: string) =>
    pattern.test(request) ? { status: 403, message } : undefined;
  cluster("one").behaviour.meet = forbidden(/^POST .*namespaces$/, "may not make namespaces");
  cluster("two").behaviour.meet = forbidden(/^FORWARD/, "may not port-forward");
  cluster("three").behaviour.meet = forbidden(/^POST .*\/pods$/, "denied by policy");
  const findings = await run();
  expect(findings.map((finding) => `${short(finding)}: ${"said" in finding && finding.said}`).sort()).toEqual([
    "clusterNotProbed one: may not make namespaces",
    "podNotReached two three: may not port-forward",
    "podNotRunning three: denied by policy",
  ]);
  expect(cluster("one").requests.filter((request) => request.startsWith("DELETE"))).toEqual([]);
  expect(left()).toEqual([]);
});

test("retries while an API server is busy, even if it completed a request without an answer", async () => {
  const busy: Record<string, { status: number; message: string; isDone?: true }[]> = {
    namespaces: [
      { status: 429, message: "later" },
      { status: 504, message: "late", isDone: true },
    ],
    token: [{ status: 500, message: "restarting" }],
    pods: [{ status: 503, message: "restarting" }],
    "csp-mesh-probe": [429, 503].map((status) => ({ status, message: "later" })),
  };
  cluster("two").behaviour.meet = async (request) =>
    /^(POST|GET .*\/pods\/)/.test(request) ? busy[request.split("/").at(-1) ?? ""]?.shift() : undefined;
  expect((await run()).map(({ id }) => id)).toEqual(Array(6).fill("apiServerAnswers"));
  expect(Object.values(busy).flat()).toEqual([]);
});

test("reports an API server that is busy until the deadline as such, not as a pod that does not run", async () => {
  cluster("two").behaviour.meet = async (request) =>
    /^GET .*\/pods\//.test(request) ? { status: 429, message: "too many requests" } : undefined;
  const findings = await run({ awaitSeconds: 0.3 });
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([
    {
      id: "clusterNotProbed",
      severity: "error",
      cluster: "two",
      peer: "",
      field: "clusters[1]",
      said: "too many requests",
    },
  ]);
});

test("deletes objects whose creation got no answer", async () => {
  cluster("one").behaviour.meet = async (request) => (/^POST .*namespaces$/.test(request) ? "lose" : undefined);
  cluster("two").behaviour.meet = async (request) => (/^POST .*\/pods$/.test(request) ? "lose" : undefined);
  const ids = (await run()).map(short);
  expect(ids).toContain("clusterNotProbed one");
  expect(ids).toContain("clusterNotProbed two");
  expect(left()).toEqual([]);
});

test("reports a cluster that does not answer, and probes the others", async () => {
  cluster("two").close();
  const findings = await run();
  expect(findings.map(short).sort()).toEqual([
    "apiServerAnswers one three",
    "apiServerAnswers three one",
    "clusterNotProbed two",
  ]);
  expect(left()).toEqual([]);
}, 20_000);

test.each([
  ["right", 0],
  ["behind", -700_000],
  ["ahead", 700_000],
])(
  "deletes leftovers of killed probes, but not those of running ones, with a cluster's clock that is %s",
  async (_, ahead) => {
    const { namespaces, behaviour } = cluster("one");
    behaviour.ahead = ahead;
    for (const by of ["up", "command"]) {
      for (const [age, seconds] of Object.entries({ old: 601, new: 500 })) {
        const labels = { "csp-mesh.io/probe": by, ...(by === "up" && { [OWNER]: ownerLabel("acme/csp-mesh/dev") }) };
        namespaces.set(`csp-mesh-probe-${age}-${by}`, { created: Date.now() + ahead - seconds * 1_000, labels });
      }
    }
    await run();
    expect(left()).toEqual(["one: csp-mesh-probe-new-up", "one: csp-mesh-probe-new-command"]);
    // Another stack's `up` may still be running.
    await run({ by: "up", owner: "acme/csp-mesh/other" });
    expect(left()).toEqual(["one: csp-mesh-probe-new-up", "one: csp-mesh-probe-new-command"]);
    await run({ by: "up", owner: "acme/csp-mesh/dev" });
    expect(left()).toEqual(["one: csp-mesh-probe-new-command"]);
  },
);

test("leaves nothing whenever it is interrupted", { timeout: 120_000 }, async () => {
  for (let round = 0; round < 60; round++) {
    const controller = new AbortController();
    const reason = new Error("Ctrl-C");
    const slow = Math.random() < 0.3;
    for (const { behaviour } of clusters) {
      behaviour.removal = Math.random() * 30;
      behaviour.meet = () => (slow ? pause(Math.random() * 20, undefined) : undefined);
    }
    const running = run({ signal: controller.signal }).then(
      () => undefined,
      (error: unknown) => error,
    );
    await pause(Math.random() * (slow ? 150 : 60));
    controller.abort(reason);
    expect([undefined, reason]).toContain(await running);
    expect(left()).toEqual([]);
  }
});
