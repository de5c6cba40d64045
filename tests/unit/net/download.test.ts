// Limits of downloads in size and time, and repeated requests, over real HTTPS.
import type { RequestListener } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { download } from "../../../net/download.ts";
import { ca, type SecureServer, serve } from "../kube/secureServer.ts";

const MIB = 2 ** 20;
const servers: SecureServer[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) server.close();
});

async function start(listener: RequestListener): Promise<string> {
  const server = await serve(listener);
  servers.push(server);
  return `https://${server.host}/file`;
}

test("accepts 20 MiB", async () => {
  const url = await start((_, response) => response.end(Buffer.alloc(20 * MIB)));
  expect(await download(url, { ca }, "see x")).toHaveLength(20 * MIB);
});

test("aborts a larger download, and the error names the URL and the limit", async () => {
  let sent = 0;
  const url = await start((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(MIB))) sent++;
    };
    response.on("drain", more);
    more();
  });
  await expect(download(url, { ca }, "see x")).rejects.toThrow(
    new Error(`${url} cannot be read (it has more than 20 MiB, the limit for downloads); see x`),
  );
  expect(sent).toBeLessThan(100);
});

test("applies one deadline to a download and all its redirects", async () => {
  const { timeout } = AbortSignal;
  const deadlines = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout.call(AbortSignal, 300));
  const url = await start((request, response) => {
    if (request.url === "/file") response.writeHead(302, { location: "/slow" }).end();
    // A body that never ends.
    else response.writeHead(200).write("slow");
  });
  await expect(download(url, { ca }, "see x")).rejects.toThrow(/cannot be read \(.*(aborted|timeout).*\); see x$/i);
  expect(deadlines).toHaveBeenCalledOnce();
});

test.each<[string, number | "reset" | "cut short"]>([
  ["a busy server", 429],
  ["a failing server", 500],
  ["a server that restarts", 503],
  ["a reset connection", "reset"],
  ["a body that is cut short", "cut short"],
])("retries after %s, also behind a redirect", async (_, first) => {
  let asked = 0;
  const url = await start((request, response) => {
    if (request.url === "/file") return response.writeHead(302, { location: "/moved" }).end();
    asked++;
    if (asked > 1) return response.end("whole");
    if (first === "reset") return response.destroy();
    if (first !== "cut short") return response.writeHead(first, { "retry-after": "0" }).end();
    response.writeHead(200, { "content-length": "5" }).write("who", () => response.destroy());
    return response;
  });
  expect((await download(url, { ca }, "see x")).toString()).toBe("whole");
  expect(asked).toBe(2);
});

test("stops retrying a server that stays busy, and reports its status", async () => {
  let asked = 0;
  const url = await start((_, response) => {
    asked++;
    response.writeHead(503, { "retry-after": "0" }).end();
  });
  await expect(download(url, { ca }, "see x")).rejects.toThrow(new Error(`${url} cannot be read (HTTP 503); see x`));
  expect(asked).toBe(5);
});

test("does not retry after a permanent error", async () => {
  let asked = 0;
  const url = await start((_, response) => {
    asked++;
    response.writeHead(404).end();
  });
  await expect(download(url, { ca }, "see x")).rejects.toThrow("(HTTP 404)");
  expect(asked).toBe(1);
});
