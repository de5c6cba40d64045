import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ApiServer, apiServer, type ServerOptions } from "../../../kube/apiServer.ts";
import { retryAfter } from "../../../net/retry.ts";
import { kubeconfigOf, serve } from "./secureServer.ts";

type Reply = readonly [status: number, headers?: Record<string, string>, body?: object] | "reset" | "silent";

interface Asked {
  readonly server: ApiServer;
  /** `METHOD /path body` of each request, and its time in ms. */
  readonly asked: string[];
  readonly times: number[];
}

/** A server that gives these answers in turn, then repeats the last one. "reset" breaks the connection. */
async function answering(replies: readonly Reply[], options?: ServerOptions): Promise<Asked> {
  const asked: string[] = [];
  const times: number[] = [];
  const server = await serve(async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const reply = replies[Math.min(asked.length, replies.length - 1)] ?? [200];
    asked.push([request.method, request.url, ...(body ? [body] : [])].join(" "));
    times.push(Date.now());
    if (reply === "silent") return;
    if (reply === "reset") return void request.socket.destroy();
    const [status, headers = {}, said = {}] = reply;
    response.writeHead(status, headers).end(JSON.stringify(said));
  });
  onTestFinished(() => server.close());
  return { server: await apiServer(kubeconfigOf(server), "x", options), asked, times };
}

describe("the header Retry-After", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const date = new Date(now).toUTCString();
  const at = (seconds: number) => new Date(now + seconds * 1_000).toUTCString();
  test.each([
    ["0", 0],
    ["7", 7_000],
    ["3600", 30_000],
    ["99999999999999999999", 30_000],
    [at(7), 7_000],
    [at(86_400), 30_000],
    [at(-60), undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s is a pause of %s ms", (asked, expected) => {
    expect(retryAfter({ date, ...(asked !== undefined && { "retry-after": asked }) })).toBe(expected);
  });
});

test("waits as long as the server asks after 429", async () => {
  const { server, asked, times } = await answering([[429, { "retry-after": "1" }], [200]]);
  expect((await server.post("/x", {})).status).toBe(200);
  expect(asked).toEqual(["POST /x {}", "POST /x {}"]);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
});

test.each([
  ["a date in the past", new Date(0).toUTCString()],
  ["a date in the far future", new Date(Date.now() + 1e9).toUTCString()],
  ["hours", "36000"],
  ["nonsense", "soon"],
])("answers 429 in time despite Retry-After with %s", async (_, after) => {
  const { server, times } = await answering([[429, { "retry-after": after }]], { within: 700 });
  const began = Date.now();
  expect((await server.get("/x")).status).toBe(429);
  expect(Date.now() - began).toBeLessThan(3_000);
  expect(times.length).toBeGreaterThan(1);
});

test.each([500, 502, 503, 504])("retries after %i until it succeeds", async (status) => {
  const { server, asked } = await answering([[status], [status], [200, {}, { a: 1 }]]);
  expect(await server.get("/x")).toMatchObject({ status: 200, body: { a: 1 } });
  expect(asked).toHaveLength(3);
});

test("returns a permanent error at once", async () => {
  for (const status of [400, 403, 404, 409, 422, 501]) {
    const { server, asked } = await answering([[status], [200]]);
    expect((await server.get("/x")).status).toBe(status);
    expect(asked).toHaveLength(1);
  }
});

test("limits the attempts, with growing pauses", async () => {
  const { server, times } = await answering([[503]], { tries: 4 });
  expect((await server.get("/x")).status).toBe(503);
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(pauses).toHaveLength(3);
  expect(pauses.map((pause, index) => pause >= 200 * 2 ** index - 20)).toEqual([true, true, true]);
});

test("retries on a new connection after a reset", async () => {
  const { server, asked } = await answering([[200], "reset", "reset", [200]]);
  await server.get("/first");
  expect((await server.send("PATCH", "/x", { body: {} })).status).toBe(200);
  expect(asked).toHaveLength(4);
  const never = await answering(["reset"], { tries: 2 });
  await expect(never.server.get("/x")).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect(never.asked).toHaveLength(2);
});

/** Below the range from which kernels choose ports, so that no other test gets it after its server was closed. */
const OWN_PORT = 20_000 + (process.pid % 12_000);

test("retries a refused connection only if the server answered before", async () => {
  const first = await serve((_, response) => response.writeHead(200).end("{}"), OWN_PORT);
  const server = await apiServer(kubeconfigOf(first), "x", { within: 600 });
  await server.get("/x");
  first.close();
  const began = Date.now();
  await expect(server.get("/x")).rejects.toThrow("ECONNREFUSED");
  expect(Date.now() - began).toBeGreaterThanOrEqual(590);
  const stranger = await apiServer(kubeconfigOf(first), "x");
  const again = Date.now();
  await expect(stranger.get("/x")).rejects.toThrow("ECONNREFUSED");
  expect(Date.now() - again).toBeLessThan(190);
});

describe("an abort signal", () => {
  test("ends a pause at once", async () => {
    const { server } = await answering([[429, { "retry-after": "20" }]]);
    const reason = new Error("interrupted");
    const asking = server.get("/x", { signal: AbortSignal.any([abortedIn(200, reason)]) });
    await expect(asking).rejects.toBe(reason);
  });

  test("ends a request at once, unless the request must finish", async () => {
    const reason = new Error("interrupted");
    const { server } = await answering(["silent"], { signal: abortedIn(200, reason) });
    await expect(server.get("/x")).rejects.toBe(reason);
    const slow = await serve((_, response) => void setTimeout(() => response.end("{}"), 400));
    onTestFinished(() => slow.close());
    const finishing = await apiServer(kubeconfigOf(slow), "x");
    const options = { signal: abortedIn(100, reason), finishes: true };
    expect((await finishing.send("POST", "/x", { body: {} }, options)).status).toBe(200);
  });
});

function abortedIn(ms: number, reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), ms);
  return controller.signal;
}

describe("a repeated write whose first attempt may have succeeded", () => {
  const metadata = { name: "a", namespace: "n", labels: { x: "1" } };
  const sent = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } };
  const stored = (more: object) => ({
    ...sent,
    metadata: { ...metadata, uid: "u", resourceVersion: "9", creationTimestamp: "t" },
    ...more,
  });
  const conflict = [409, {}, { message: "already exists" }] as const;

  test.each(["reset", [504]] as const)(
    "counts as done if a create conflicts with the object as it was sent (%j)",
    async (first) => {
      const { server, asked } = await answering([first, conflict, [200, {}, stored({})]]);
      const answer = await server.post("/api/v1/namespaces/n/configmaps?fieldManager=m", sent);
      expect(answer).toMatchObject({ status: 201, body: { metadata: { uid: "u" } } });
      expect(asked.at(-1)).toBe("GET /api/v1/namespaces/n/configmaps/a");
    },
  );

  test("fails if the existing object differs, or if the first attempt cannot have succeeded", async () => {
    const other = await answering(["reset", conflict, [200, {}, stored({ data: { a: "2" } })]]);
    expect((await other.server.post("/c", sent)).status).toBe(409);
    for (const replies of [[conflict], [[429, { "retry-after": "0" }], conflict]] as Reply[][]) {
      const { server, asked } = await answering([...replies, [200, {}, stored({})]]);
      expect((await server.post("/c", sent)).status).toBe(409);
      expect(asked.filter((line) => line.startsWith("GET"))).toEqual([]);
    }
  });

  test("counts as done if an update conflicts with an object that has its fields", async () => {
    const update = { ...sent, metadata: { ...metadata, resourceVersion: "8" } };
    for (const method of ["PUT", "PATCH"] as const) {
      const own = await answering(["reset", conflict, [200, {}, stored({ status: { x: 1 } })]]);
      expect((await own.server.send(method, "/c/a", { body: update })).status).toBe(200);
      const other = await answering(["reset", conflict, [200, {}, stored({ data: {} })]]);
      expect((await other.server.send(method, "/c/a", { body: update })).status).toBe(409);
    }
    const patch = { metadata: { resourceVersion: "8", labels: { gone: null } } };
    const gone = await answering([[500], conflict, [200, {}, stored({})]]);
    expect((await gone.server.send("PATCH", "/c/a", { body: patch })).status).toBe(200);
  });

  test("counts as done if a repeated deletion finds nothing", async () => {
    const missing = [404, {}, { message: "not found" }] as const;
    expect((await (await answering(["reset", missing])).server.send("DELETE", "/c/a")).status).toBe(200);
    expect((await (await answering([missing])).server.send("DELETE", "/c/a")).status).toBe(404);
  });

  test("is never repeated with generateName, because each attempt would create another object", async () => {
    const { server, asked } = await answering([[503], [201]]);
    expect((await server.post("/c", { metadata: { generateName: "a-" } })).status).toBe(503);
    expect(asked).toHaveLength(1);
  });
});
