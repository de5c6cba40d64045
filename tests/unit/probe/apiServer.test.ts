// Tests one connection to an API server, through a fake kubelet to a real TLS server.
import { createServer } from "node:https";
import { type AddressInfo, connect, createServer as createPlain, type Server } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { authority } from "../../../lab/pki.ts";
import { type Outcome, tryApiServer } from "../../../probe/apiServer.ts";
import { readiness, speaksTls } from "../../../probe/gateway.ts";
import { PortForward } from "../../../probe/portForward.ts";
import { DATA, type FakeKubelet, frame, startFakeKubelet } from "./fakeKubelet.ts";

const issuer = await authority("kubernetes");
const stranger = await authority("somebody-else");
const { certPem: cert, keyPem: key } = await issuer.issue({ commonName: "api", hosts: ["api.example", "203.0.113.7"] });

/** The server's answers by token. */
const answers: Record<string, readonly [number, string]> = {
  good: [200, JSON.stringify({ kind: "APIGroupList", groups: Array.from({ length: 20_000 }, String) })],
  expired: [401, JSON.stringify({ kind: "Status", message: "Unauthorized" })],
  forbidden: [403, JSON.stringify({ kind: "Status", message: 'User "x" cannot get path "/apis"' })],
  gateway: [502, "<html>"],
};
const seen: { method: string | undefined; url: string | undefined; host: string | undefined }[] = [];
const api = createServer({ cert, key }, ({ method, url, headers }, response) => {
  seen.push({ method, url, host: headers.host });
  const [status, body] = answers[headers.authorization?.replace("Bearer ", "") ?? ""] ?? [403, "who?"];
  response.writeHead(status).end(body);
});
const plain = createPlain((socket) => {
  socket.on("error", () => {});
  socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
});
const mute = createPlain((socket) => socket.resume().on("error", () => {}));
const closing = createPlain((socket) => {
  socket.on("error", () => {});
  socket.once("data", () => socket.destroy());
});

let kubelet: FakeKubelet;
let target: number;
const listening = (server: Server) =>
  new Promise<number>((done) => server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port)));
const ports = { api: 0, plain: 0, mute: 0, closing: 0 };
beforeAll(async () => {
  for (const [name, server] of Object.entries({ api, plain, mute, closing })) {
    ports[name as keyof typeof ports] = await listening(server);
  }
  kubelet = await startFakeKubelet({
    connected(socket) {
      const onward = connect(target, "127.0.0.1");
      onward.on("data", (part) => socket.send(frame(DATA, part)));
      onward.on("error", () => socket.close()).on("close", () => socket.close());
      socket.on("message", (message) => onward.write((message as Buffer).subarray(1)));
      socket.on("close", () => onward.destroy());
    },
  });
});
afterAll(async () => {
  await kubelet.close();
  api.closeAllConnections();
  for (const server of [api, plain, mute, closing]) server.close();
});

const strays: unknown[] = [];
const onStray = (error: unknown) => strays.push(error);
beforeEach(() => {
  strays.length = 0;
  seen.length = 0;
  process.on("uncaughtException", onStray).on("unhandledRejection", onStray);
});
afterEach(async () => {
  await pause(20);
  process.off("uncaughtException", onStray).off("unhandledRejection", onStray);
  expect(strays).toEqual([]);
});

interface Try {
  readonly to?: keyof typeof ports;
  readonly server?: string;
  readonly tlsServerName?: string;
  readonly ca?: string;
  readonly token?: string;
}

async function attempt({ to = "api", server = "https://api.example:6443", tlsServerName, ca, token = "good" }: Try) {
  target = ports[to];
  const stream = new PortForward(kubelet.url, {});
  try {
    return await tryApiServer(stream, { server: new URL(server), tlsServerName, ca: ca ?? issuer.certPem, token });
  } finally {
    stream.destroy();
  }
}

describe("a probe of an API server", () => {
  test.each<[Try, Outcome]>([
    [{}, { kind: "answers" }],
    [{ server: "https://203.0.113.7" }, { kind: "answers" }],
    [{ server: "https://other.example", tlsServerName: "api.example" }, { kind: "answers" }],
    [{ ca: stranger.certPem }, { kind: "unknownCa", said: expect.stringMatching(/\w/) }],
    [
      { server: "https://other.example" },
      { kind: "wrongName", name: "other.example", names: expect.stringContaining("api.example") },
    ],
    [
      { server: "https://203.0.113.8" },
      { kind: "wrongName", name: "203.0.113.8", names: expect.stringContaining("203.0.113.7") },
    ],
    [{ token: "expired" }, { kind: "tokenRefused", status: 401, said: "Unauthorized" }],
    [{ token: "forbidden" }, { kind: "tokenRefused", status: 403, said: 'User "x" cannot get path "/apis"' }],
    [{ token: "other" }, { kind: "tokenRefused", status: 403, said: "" }],
    [{ token: "gateway" }, { kind: "oddAnswer", status: 502 }],
    [{ to: "plain" }, { kind: "noTls", said: expect.stringMatching(/wrong version number|packet length/i) }],
    [{ to: "closing" }, { kind: "noTls", said: expect.stringMatching(/disconnected|closed|reset|socket hang up/i) }],
  ])("%j", async (how, outcome) => {
    expect(await attempt(how)).toEqual(outcome);
  });

  test("requests a path that any account may read, below the URL's path", async () => {
    await attempt({ server: "https://api.example/k8s/clusters/c-1/" });
    expect(seen).toEqual([{ method: "GET", url: "/k8s/clusters/c-1/apis", host: "api.example" }]);
  });

  test("sends no token before the certificate is trusted", async () => {
    await attempt({ ca: stranger.certPem });
    await attempt({ server: "https://other.example" });
    expect(seen).toEqual([]);
  });
});

test("ends and frees its resources whenever it is aborted", { timeout: 60_000 }, async () => {
  const before = process.memoryUsage.rss();
  let ended = 0;
  for (let round = 0; round < 15; round++) {
    const tries = Array.from({ length: 20 }, async (_, index) => {
      target = index % 4 === 0 ? ports.mute : ports.api;
      const stream = new PortForward(kubelet.url, {});
      const running = tryApiServer(stream, {
        server: new URL("https://api.example"),
        ca: issuer.certPem,
        token: "good",
      }).catch(() => undefined);
      await pause(Math.random() * 40);
      stream.destroy(index % 2 === 0 ? new Error("given up") : undefined);
      await running;
      ended++;
    });
    await Promise.all(tries);
  }
  expect(ended).toBe(300);
  while (kubelet.sockets.size > 0) await pause(5);
  expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024);
});

describe("a probe of a gateway", () => {
  const stream = (to: keyof typeof ports) => {
    target = ports[to];
    return new PortForward(kubelet.url, {});
  };

  test("reports whether the gateway speaks TLS", async () => {
    expect(await speaksTls(stream("api"), "outbound_.9080_._.reviews.sample.svc.cluster.local")).toBe(true);
    expect(await speaksTls(stream("closing"), "outbound")).toBe(false);
    expect(await speaksTls(stream("plain"), "outbound")).toBe(false);
  });

  test("reports the status of the readiness port", async () => {
    expect(await readiness(stream("plain"), "203.0.113.9")).toBe(400);
    await expect(readiness(stream("closing"), "203.0.113.9")).rejects.toThrow();
  });
});
