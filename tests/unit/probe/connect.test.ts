import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ConnectRefused, connectThrough, NoAnswer } from "../../../probe/connect.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A stream to a server that sends these parts in turn, whatever it receives. */
async function stream(parts: readonly string[], { end = false, heard = [] as string[] } = {}): Promise<Socket> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", async (data) => {
      heard.push(String(data));
      for (const part of parts) {
        socket.write(part);
        await new Promise(setImmediate);
      }
      if (end) socket.end();
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const socket = dial((server.address() as AddressInfo).port, "127.0.0.1");
  await new Promise((connected) => socket.once("connect", connected));
  return socket;
}

test("returns a stream with all that the server sent after the proxy's answer", async () => {
  const heard: string[] = [];
  const socket = await stream(["HTTP/1.1 200 O", "K\r\nx: y\r\ncontent-length: 7\r\n\r", "\nhel", "lo"], {
    heard,
    end: true,
  });
  await connectThrough(socket, "api.example:6443", "user:pass");
  let text = "";
  for await (const part of socket) text += part;
  expect(text).toBe("hello");
  expect(heard).toEqual([
    "CONNECT api.example:6443 HTTP/1.1\r\nHost: api.example:6443\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n",
  ]);
});

test.each([
  [["HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nno", "pe!", "more"], false, 503, "nope!"],
  [["HTTP/1.0 407 Who\r\n\r\nall ", "of it"], true, 407, "all of it"],
  [["HTTP/1.1 502 Bad\r\ncontent-length: 90\r\n\r\ncut of"], true, 502, "cut of"],
])("reports the status and body of a proxy's refusal: %j", async (parts, end, status, body) => {
  const socket = await stream(parts, { end });
  await expect(connectThrough(socket, "a:1")).rejects.toEqual(expect.objectContaining({ status, body }));
  await expect(connectThrough(await stream(parts, { end }), "a:1")).rejects.toBeInstanceOf(ConnectRefused);
  socket.destroy();
});

test("fails if there is no answer, or no HTTP proxy", async () => {
  await expect(connectThrough(await stream([], { end: true }), "a:1")).rejects.toBeInstanceOf(NoAnswer);
  await expect(connectThrough(await stream(["SSH-2.0-x\r\n"], { end: true }), "a:1")).rejects.toBeInstanceOf(NoAnswer);
  const endless = await stream(["x".repeat(20_000)]);
  await expect(connectThrough(endless, "a:1")).rejects.toThrow("no HTTP proxy");
  endless.destroy();
  const given = await stream([]);
  const attempt = connectThrough(given, "a:1");
  given.destroy(new Error("given up"));
  await expect(attempt).rejects.toThrow("given up");
  await expect(connectThrough(given, "a:1")).rejects.toThrow("given up");
});

test("returns a stream that can be read in any way, also for a second CONNECT", async () => {
  const parts = ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 204 Fine\r\n\r\n"];
  const chained = await stream(parts);
  await connectThrough(chained, "proxy:1");
  await connectThrough(chained, "api:2");
  chained.destroy();
  const asked = await stream([parts[0] ?? "", "late"]);
  await connectThrough(asked, "a:1");
  expect(String(await new Promise((data) => asked.once("data", data)))).toBe("late");
  asked.destroy();
});

test("removes all its listeners", async () => {
  const socket = await stream(["HTTP/1.1 200 OK\r\n\r\n"]);
  const counts = () => ["readable", "error", "end", "close"].map((name) => socket.listenerCount(name));
  const before = counts();
  await connectThrough(socket, "a:1");
  expect(counts()).toEqual(before);
  socket.destroy();
});
