import { afterEach, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { quickGet } from "../../../hooks/quickGet.ts";
import { startConnectProxy } from "../../connectProxy.ts";
import { ca, serve } from "../net/secureServer.ts";

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
  const get = await quickGet(kubeconfig({ "proxy-url": proxy }), "x");
  expect(await get("/api")).toEqual(answer);
  expect(tunnels).toHaveLength(1);
});

test("an API server is asked through the shell's proxy, where the kubeconfig has none", async () => {
  const { kubeconfig, proxy, tunnels } = await hidden();
  vi.stubEnv("HTTPS_PROXY", proxy);
  expect(await (await quickGet(kubeconfig({}), "x"))("/api")).toEqual(answer);
  expect(tunnels).toHaveLength(1);
  vi.stubEnv("NO_PROXY", "server.test");
  await expect((await quickGet(kubeconfig({}), "x"))("/api")).rejects.toThrow("ENOTFOUND");
});
