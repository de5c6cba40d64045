import { chmodSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { ApiError, apiServer, isTransient } from "../../../kube/apiServer.ts";
import { connectionOf } from "../../../kube/connection.ts";
import { startConnectProxy } from "../../connectProxy.ts";
import { startSocksProxy } from "../../socksProxy.ts";
import { folder } from "../config/fixtures.ts";
import { ca, kubeconfigOf, serve } from "./secureServer.ts";

const closing: { close(): void }[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of closing.splice(0)) server.close();
});

/** An API server that is only reachable through a proxy. */
async function hidden() {
  const server = await serve(({ url, headers }, response) =>
    response.end(JSON.stringify({ url, authorization: headers.authorization })),
  );
  const name = `server.test:${server.host.split(":")[1]}`;
  const proxy = await startConnectProxy("127.0.0.1", { [name]: server.host });
  closing.push(server, proxy);
  const kubeconfig = (cluster: object) =>
    stringify({
      clusters: [
        {
          name: "c",
          cluster: {
            server: `https://${name}`,
            "certificate-authority-data": Buffer.from(ca).toString("base64"),
            ...cluster,
          },
        },
      ],
      users: [{ name: "u", user: { token: "t" } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    });
  return { kubeconfig, proxy: `http://127.0.0.1:${proxy.port}`, tunnels: proxy.tunnels };
}

const answer = { status: 200, body: { url: "/api", authorization: "Bearer t" } };

test("uses the proxy in the kubeconfig", async () => {
  const { kubeconfig, proxy, tunnels } = await hidden();
  const { get } = await apiServer(kubeconfig({ "proxy-url": proxy }), "x");
  expect(await get("/api")).toMatchObject(answer);
  expect(tunnels).toHaveLength(1);
});

test("builds its connection from a kubeconfig with disable-compression without the Kubernetes client", async () => {
  const { kubeconfig } = await hidden();
  expect((await connectionOf(kubeconfig({ "disable-compression": true }), "x")).isTemporary).toBe(false);
});

test("lets a SOCKS proxy resolve the host name", async () => {
  const { kubeconfig } = await hidden();
  const socks = await startSocksProxy({ "server.test": "127.0.0.1" });
  closing.push(socks);
  const { get } = await apiServer(kubeconfig({ "proxy-url": `socks5://127.0.0.1:${socks.port}` }), "x");
  expect(await get("/api")).toMatchObject(answer);
  expect(socks.tunnels).toEqual([expect.stringMatching(/^server\.test:/)]);
});

test("verifies an API server behind a proxy like any other", async () => {
  const { kubeconfig, proxy } = await hidden();
  const asked = async (cluster: object) =>
    (await apiServer(kubeconfig({ "proxy-url": proxy, ...cluster }), "x")).get("/api");
  await expect(asked({ "tls-server-name": "other.test" })).rejects.toThrow(/altnames/);
  await expect(asked({ "certificate-authority-data": "" })).rejects.toThrow(/certificate/);
  expect(await asked({ "tls-server-name": "127.0.0.1" })).toMatchObject(answer);
  expect(await asked({ "certificate-authority-data": "", "insecure-skip-tls-verify": true })).toMatchObject(answer);
});

test("prefers the kubeconfig's proxy to the environment's", async () => {
  const { kubeconfig, proxy, tunnels } = await hidden();
  vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
  expect(await (await apiServer(kubeconfig({ "proxy-url": proxy }), "x")).get("/api")).toMatchObject(answer);
  expect(tunnels).toHaveLength(1);
});

test("uses the environment's proxy if the kubeconfig has none", async () => {
  const { kubeconfig, proxy, tunnels } = await hidden();
  vi.stubEnv("HTTPS_PROXY", proxy);
  expect(await (await apiServer(kubeconfig({}), "x")).get("/api")).toMatchObject(answer);
  expect(tunnels).toHaveLength(1);
  vi.stubEnv("NO_PROXY", "server.test");
  await expect((await apiServer(kubeconfig({}), "x")).get("/api")).rejects.toThrow("ENOTFOUND");
});

/** A server that is contacted without a proxy. */
async function plain(listener: RequestListener) {
  const server = await serve(listener);
  closing.push(server);
  return apiServer(kubeconfigOf(server), "x");
}

test("requests metadata of a list or of one object, with JSON as the fallback", async () => {
  const { get } = await plain(({ headers }, response) => response.end(JSON.stringify(headers.accept)));
  const asked = async (metadata?: "list" | "object") => (await get("/", metadata && { metadata })).body;
  expect(await asked()).toBe("application/json");
  expect(await asked("list")).toBe("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
  expect(await asked("object")).toBe("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
});

test("posts a body as JSON", async () => {
  const { post } = await plain(async (request, response) => {
    const { method, headers } = request;
    response.end(JSON.stringify({ method, type: headers["content-type"], body: await text(request) }));
  });
  const { body } = await post("/reviews", { spec: { name: "한" } });
  expect(body).toEqual({ method: "POST", type: "application/json", body: '{"spec":{"name":"한"}}' });
});

test("returns headers and times with each answer, even if the body is not JSON", async () => {
  const { get } = await plain((_, response) => response.writeHead(502, { date: "then" }).end("<html>"));
  const before = Date.now();
  const { sentAt, answeredAt, ...rest } = await get("/", { tries: 1 });
  expect(rest).toMatchObject({ status: 502, body: "<html>", headers: { date: "then" } });
  expect([before, sentAt, answeredAt, Date.now()].toSorted((a, b) => a - b)).toEqual([
    before,
    sentAt,
    answeredAt,
    expect.any(Number),
  ]);
});

test("times out if a server never answers, or never completes its answer", async () => {
  for (const beginning of [undefined, "{"]) {
    const { get, url } = await plain((_, response) => beginning && response.write(beginning));
    const error = await get("/", { timeout: 200 }).catch((error: unknown) => error);
    expect(error).toEqual(new Error(`${url} did not answer within 0.2 s`));
    expect(isTransient(error)).toBe(true);
  }
});

test("classifies 429 and 5xx answers as transient, but not a refused connection", () => {
  const statuses = [400, 401, 403, 404, 409, 429, 500, 503, 504];
  expect(statuses.filter((status) => isTransient(new ApiError({ status, body: "" })))).toEqual([429, 500, 503, 504]);
  expect(isTransient(new Error("connect ECONNREFUSED"))).toBe(false);
});

test("gives a queued request its full timeout", async () => {
  const { get } = await plain((_, response) => void setTimeout(() => response.end("{}"), 100));
  const answers = await Promise.all(Array.from({ length: 20 }, () => get("/", { timeout: 300 })));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
});

test("gives up many requests to a server that does not answer at the same time", async () => {
  const { get, url } = await plain(() => {});
  const began = Date.now();
  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => get("/", { timeout: 300 })));
  expect(Date.now() - began).toBeLessThan(900);
  const reason = new Error(`${url} did not answer within 0.3 s`);
  expect(answers).toEqual(Array(20).fill({ status: "rejected", reason }));
});

test("keeps the path of the server's URL", async () => {
  const server = await serve(({ url }, response) => response.end(JSON.stringify(url)));
  closing.push(server);
  const { send, url } = await apiServer(kubeconfigOf(server, { token: "t" }, "/k8s/clusters/c-1/"), "x");
  expect(url).toBe(`https://${server.host}/k8s/clusters/c-1`);
  expect((await send("DELETE", "/api/v1/nodes/n", { body: {} })).body).toBe("/k8s/clusters/c-1/api/v1/nodes/n");
});

test("runs the credentials command again, once, after a token is rejected", async () => {
  const count = join(folder(), "count");
  // Returns tokens t1, t2 and so on.
  const script = `echo >> ${count}; echo "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"status\\":{\\"token\\":\\"t$(wc -l < ${count} | tr -d ' ')\\"}}"`;
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "sh", args: ["-c", script] };
  let valid = "t1";
  const asked: (string | undefined)[] = [];
  const server = await serve(({ headers }, response) => {
    asked.push(headers.authorization);
    response.statusCode = headers.authorization === `Bearer ${valid}` ? 200 : 401;
    response.end("{}");
  });
  closing.push(server);
  const { get } = await apiServer(kubeconfigOf(server, { exec }), "x");
  expect((await get("/")).status).toBe(200);
  valid = "t2";
  expect((await get("/")).status).toBe(200);
  valid = "never";
  expect((await get("/")).status).toBe(401);
  expect(asked).toEqual(["t1", "t1", "t2", "t2", "t3"].map((token) => `Bearer ${token}`));
});

test("resolves a relative command against the kubeconfig's folder", async () => {
  const server = await serve(({ headers }, response) => response.end(JSON.stringify(headers.authorization)));
  closing.push(server);
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./bin/login" };
  const root = folder({
    config: kubeconfigOf(server, { exec }),
    "bin/login": `#!/bin/sh\necho '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"theirs"}}'\n`,
  });
  chmodSync(join(root, "bin/login"), 0o755);
  const { get } = await apiServer(join(root, "config"), "x");
  expect((await get("/")).body).toBe("Bearer theirs");
});
