import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../../kube/cluster.ts";
import { type FakeApi, startFakeApi } from "./fakeApi.ts";

const pod = { namespace: "sample", name: "sleep-1", ready: true };
const execPath = "/api/v1/namespaces/sample/pods/sleep-1/exec";
let folder: string;
let api: FakeApi | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "csp-mesh-checks-"));
});

afterEach(() => {
  api?.close();
  rmSync(folder, { recursive: true });
});

async function start(...args: Parameters<typeof startFakeApi>) {
  api = await startFakeApi(...args);
  return open(api.server);
}

function open(server: string, context = "nks_kr_a", user: object = { token: "t" }) {
  const kubeconfig = join(folder, "config");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      // The client only uses plain HTTP if TLS verification is disabled.
      clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "nks_kr_a", context: { cluster: "c", user: "u" } }],
    }),
  );
  return connect({ name: "a", kubeconfig, context });
}

describe("connect", () => {
  test("names a missing kubeconfig", () => {
    const kubeconfig = join(folder, "none");
    expect(() => connect({ name: "a", kubeconfig, context: "x" })).toThrow(
      `cluster a: cannot read the kubeconfig ${kubeconfig}: ENOENT: no such file or directory, open '${kubeconfig}'`,
    );
  });

  test("names a missing context and the existing ones", () => {
    expect(() => open("http://localhost", "other")).toThrow(
      `cluster a: ${join(folder, "config")} has no context "other"; it has "nks_kr_a"`,
    );
  });

  test("sends no credentials without TLS, like kubectl", async () => {
    api = await startFakeApi({ "/api/v1/namespaces/sample/pods": { body: { items: [] } } });
    await open(api.server).pods("sample", "");
    expect(api.received[0]?.authorization).toBeUndefined();
  });
});

describe("reading", () => {
  test("lists ready and terminating pods, but not finished ones", async () => {
    const item = (name: string, ready: string, more = {}, phase = "Running") => ({
      metadata: { name, ...more },
      status: { phase, conditions: [{ type: "Ready", status: ready }] },
    });
    const items = [
      item("c", "True", { deletionTimestamp: "2026-01-02T03:04:05Z" }),
      item("b", "False"),
      item("a", "True"),
      item("d", "False", {}, "Succeeded"),
      item("e", "False", {}, "Failed"),
    ];
    const cluster = await start({ "/api/v1/namespaces/sample/pods": { body: { items } } });
    expect(await cluster.pods("sample", "app=sleep")).toEqual([
      { namespace: "sample", name: "a", ready: true },
      { namespace: "sample", name: "b", ready: false },
      { namespace: "sample", name: "c", ready: false },
    ]);
    expect(api?.received[0]?.url.searchParams.get("labelSelector")).toBe("app=sleep");
  });

  test("reads a log of the last seconds", async () => {
    const cluster = await start({ "/api/v1/namespaces/sample/pods/sleep-1/log": { body: '{"agent":"x"}\nnoise\n' } });
    expect(await cluster.logs(pod, "istio-proxy", 7)).toBe('{"agent":"x"}\nnoise\n');
    expect(api?.received[0]?.url.search).toBe("?container=istio-proxy&sinceSeconds=7");
  });

  test("reads a log of one JSON line as text", async () => {
    const cluster = await start({ "/api/v1/namespaces/sample/pods/sleep-1/log": { body: '{"agent":"x"}' } });
    expect(await cluster.logs(pod, "istio-proxy", 7)).toBe('{"agent":"x"}');
  });

  test("reads an empty log", async () => {
    const cluster = await start({ "/api/v1/namespaces/sample/pods/sleep-1/log": { body: "" } });
    expect(await cluster.logs(pod, "istio-proxy", 7)).toBe("");
  });

  test("reads a Deployment", async () => {
    const body = {
      metadata: { annotations: { "csp-mesh.io/scaled-to-none": "3" } },
      spec: {
        replicas: 3,
        selector: { matchLabels: { istio: "ingressgateway", app: "gateway" } },
        template: { spec: { terminationGracePeriodSeconds: 625 } },
      },
      status: { readyReplicas: 2 },
    };
    const cluster = await start({ "/apis/apps/v1/namespaces/istio-system/deployments/gw": { body } });
    expect(await cluster.deployment("istio-system", "gw")).toEqual({
      replicas: 3,
      readyReplicas: 2,
      formerReplicas: 3,
      selector: "istio=ingressgateway,app=gateway",
      graceSeconds: 625,
    });
  });
});

test("changes a Deployment with one merge patch", async () => {
  const path = "/apis/apps/v1/namespaces/istio-system/deployments/gw";
  const cluster = await start({ [path]: { body: {} } });
  await cluster.patchDeployment("istio-system", "gw", { spec: { replicas: 0 } });
  expect(api?.received).toMatchObject([
    { method: "PATCH", contentType: "application/merge-patch+json", body: '{"spec":{"replicas":0}}' },
  ]);
});

describe("an error names cluster, action and cause in one line", () => {
  test("for an answer of the API server", async () => {
    const message = 'pods is forbidden: User "u" cannot list';
    const cluster = await start({
      "/api/v1/namespaces/sample/pods": { status: 403, body: { kind: "Status", message } },
    });
    await expect(cluster.pods("sample", "")).rejects.toThrow(
      new Error('cluster a: list pods of sample: HTTP 403: pods is forbidden: User "u" cannot list'),
    );
  });

  test("for a network error", async () => {
    const cluster = await start({});
    const { port } = new URL(api?.server ?? "");
    api?.close();
    await expect(cluster.pods("sample", "")).rejects.toThrow(
      new Error(`cluster a: list pods of sample: connect ECONNREFUSED 127.0.0.1:${port}`),
    );
  });
});

describe("exec", () => {
  const success = [3, '{"status":"Success"}'] as const;
  const options = { timeout: 5000 };

  test("returns stdout and stderr from many frames", async () => {
    const long = "x".repeat(5000);
    const frames = [[1, "é"], [2, "warning"], [1, long], success] as const;
    const cluster = await start({}, { frames, close: false });
    expect(await cluster.exec(pod, "sleep", ["sh", "-c", "a && b"], options)).toEqual({
      stdout: `é${long}`,
      stderr: "warning",
      exitCode: 0,
    });
    expect(api?.received[0]?.url.pathname).toBe(execPath);
    expect(api?.received[0]?.url.searchParams.getAll("command")).toEqual(["sh", "-c", "a && b"]);
    expect(api?.received[0]?.url.searchParams.get("container")).toBe("sleep");
  });

  test("passes stdout on as it arrives", async () => {
    const cluster = await start(
      {},
      {
        frames: [
          [1, "one"],
          [2, "warning"],
          [1, "two"],
        ],
        close: false,
      },
    );
    const heard: string[] = [];
    const stop = new AbortController();
    const onStdout = (text: string) => {
      heard.push(text);
      if (text.endsWith("two")) stop.abort(new Error("enough"));
    };
    const asked = cluster.exec(pod, "sleep", ["tail"], { ...options, signal: stop.signal, onStdout });
    await expect(asked).rejects.toThrow("enough");
    expect(heard.join("")).toBe("onetwo");
  });

  test("returns a non-zero exit code", async () => {
    const status = { status: "Failure", details: { causes: [{ reason: "ExitCode", message: "7" }] } };
    const cluster = await start({}, { frames: [[3, JSON.stringify(status)]], close: true });
    expect(await cluster.exec(pod, "sleep", ["false"], options)).toMatchObject({ exitCode: 7 });
  });

  test("fails if the command cannot be run", async () => {
    const status = { status: "Failure", message: "container not found (istio-proxy)" };
    const cluster = await start({}, { frames: [[3, JSON.stringify(status)]], close: true });
    await expect(cluster.exec(pod, "istio-proxy", ["x"], options)).rejects.toThrow(
      new Error("cluster a: exec x in sample/sleep-1: container not found (istio-proxy)"),
    );
  });

  test("fails if the connection breaks", async () => {
    const cluster = await start({}, { frames: [[1, "half"]], close: true });
    await expect(cluster.exec(pod, "sleep", ["x"], options)).rejects.toThrow(
      new Error("cluster a: exec x in sample/sleep-1: connection closed (1006) before the end"),
    );
  });

  test("aborts a command that exceeds its timeout", async () => {
    const cluster = await start({}, { frames: [], close: false });
    await expect(cluster.exec(pod, "sleep", ["x"], { timeout: 50 })).rejects.toThrow(
      new Error("cluster a: exec x in sample/sleep-1: no end after 0.05 s"),
    );
  });

  test("aborts a connection without an answer after the timeout", async () => {
    const cluster = await start({}, { isSilent: true, frames: [], close: false });
    await expect(cluster.exec(pod, "sleep", ["x"], { timeout: 50 })).rejects.toThrow(
      new Error("cluster a: exec x in sample/sleep-1: no end after 0.05 s"),
    );
  });

  test.each([false, true])("ends on an interruption, even without an answer (%s)", async (isSilent) => {
    const interruption = new AbortController();
    const cluster = await start({}, { isSilent, frames: [], close: false });
    const running = cluster.exec(pod, "sleep", ["x"], { ...options, signal: interruption.signal });
    interruption.abort(new Error("interrupted by SIGINT"));
    await expect(running).rejects.toThrow("interrupted by SIGINT");
  });

  test("fails if it is forbidden", async () => {
    const cluster = await start({});
    await expect(cluster.exec(pod, "sleep", ["x"], options)).rejects.toThrow(
      new Error("cluster a: exec x in sample/sleep-1: Unexpected server response: 403"),
    );
  });

  test("retries while the API server is busy, but not after 403", async () => {
    const refusals = [
      { status: 503, message: "restarting" },
      { status: 0, message: "reset" },
      { status: 429, message: "later" },
    ];
    const cluster = await start({}, { refusals, frames: [[1, "hi"], success], close: false });
    expect(await cluster.exec(pod, "sleep", ["x"], options)).toMatchObject({ stdout: "hi", exitCode: 0 });
    refusals.push({ status: 403, message: "may not exec" });
    await expect(cluster.exec(pod, "sleep", ["x"], options)).rejects.toThrow(
      new Error("cluster a: exec x in sample/sleep-1: Unexpected server response: 403: may not exec"),
    );
  });
});
