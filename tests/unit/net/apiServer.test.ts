import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { apiServer } from "../../../net/apiServer.ts";
import { startConnectProxy } from "../../connectProxy.ts";
import { ca, serve } from "./secureServer.ts";

const closing: { close(): void }[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of closing.splice(0)) server.close();
});

/** An API server that only a proxy can find. */
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

test("an API server is asked through the kubeconfig's proxy", async () => {
  const { kubeconfig, proxy, tunnels } = await hidden();
  const { get } = await apiServer(kubeconfig({ "proxy-url": proxy }), "x");
  expect(await get("/api")).toMatchObject(answer);
  expect(tunnels).toHaveLength(1);
});

test("an API server is asked through the shell's proxy, where the kubeconfig has none", async () => {
  const { kubeconfig, proxy, tunnels } = await hidden();
  vi.stubEnv("HTTPS_PROXY", proxy);
  expect(await (await apiServer(kubeconfig({}), "x")).get("/api")).toMatchObject(answer);
  expect(tunnels).toHaveLength(1);
  vi.stubEnv("NO_PROXY", "server.test");
  await expect((await apiServer(kubeconfig({}), "x")).get("/api")).rejects.toThrow("ENOTFOUND");
});

/** A server that is asked without a proxy. */
async function plain(listener: RequestListener) {
  const server = await serve(listener);
  closing.push(server);
  const cluster = {
    server: `https://${server.host}`,
    "certificate-authority-data": Buffer.from(ca).toString("base64"),
  };
  return apiServer(
    stringify({
      clusters: [{ name: "c", cluster }],
      users: [{ name: "u", user: { token: "t" } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    }),
    "x",
  );
}

test("metadata are asked for as those of a list or of one object, and JSON where a server has no other form", async () => {
  const { get } = await plain(({ headers }, response) => response.end(JSON.stringify(headers.accept)));
  const asked = async (metadata?: "list" | "object") => (await get("/", metadata && { metadata })).body;
  expect(await asked()).toBe("application/json");
  expect(await asked("list")).toBe("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
  expect(await asked("object")).toBe("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
});

test("a question is posted as JSON", async () => {
  const { post } = await plain(async (request, response) => {
    const { method, headers } = request;
    response.end(JSON.stringify({ method, type: headers["content-type"], body: await text(request) }));
  });
  const { body } = await post("/reviews", { spec: { name: "한" } });
  expect(body).toEqual({ method: "POST", type: "application/json", body: '{"spec":{"name":"한"}}' });
});

test("an answer tells its headers, and when it came, also where it is no JSON", async () => {
  const { get } = await plain((_, response) => response.writeHead(502, { date: "then" }).end("<html>"));
  const before = Date.now();
  const { asked, answered, ...rest } = await get("/");
  expect(rest).toMatchObject({ status: 502, body: "<html>", headers: { date: "then" } });
  expect([before, asked, answered, Date.now()].toSorted((a, b) => a - b)).toEqual([
    before,
    asked,
    answered,
    expect.any(Number),
  ]);
});

test("a server that never answers, or never ends its answer, is waited for as long as is said", async () => {
  for (const beginning of [undefined, "{"]) {
    const { get, url } = await plain((_, response) => beginning && response.write(beginning));
    await expect(get("/", { timeout: 200 })).rejects.toThrow(`${url} did not answer within 0.2 s`);
  }
});
