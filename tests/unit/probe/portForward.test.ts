import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { PortForward, PortForwardError } from "../../../probe/portForward.ts";
import { DATA, ERROR, type FakeKubelet, type FakeKubeletOptions, frame, startFakeKubelet } from "./fakeKubelet.ts";

const MEBIBYTE = 1024 * 1024;

const closers: (() => unknown)[] = [];
const strays: unknown[] = [];
const onStray = (error: unknown) => strays.push(error);
beforeEach(() => {
  strays.length = 0;
  process.on("uncaughtException", onStray).on("unhandledRejection", onStray).on("warning", onStray);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await pause(20);
  process.off("uncaughtException", onStray).off("unhandledRejection", onStray).off("warning", onStray);
  expect(strays).toEqual([]);
});

async function kubelet(options: FakeKubeletOptions = {}): Promise<FakeKubelet> {
  const fake = await startFakeKubelet(options);
  closers.push(fake.close);
  return fake;
}

/** A pod that echoes everything. */
const echo = (socket: WebSocket) => socket.on("message", (message) => socket.send(message as Buffer));

/** Everything that arrives until the end, and the error that ended the stream. */
async function drain(stream: PortForward): Promise<{ text: string; error: PortForwardError | undefined }> {
  let text = "";
  try {
    for await (const part of stream) text += part;
    return { text, error: undefined };
  } catch (error) {
    return { text, error: error as PortForwardError };
  }
}

const until = async (holds: () => boolean) => {
  while (!holds()) await pause(5);
};

test("carries bytes in both directions, without the port number at the beginning", async () => {
  const { url } = await kubelet({ connected: echo });
  const stream = new PortForward(url, {});
  stream.write("one ");
  stream.write("two");
  let text = "";
  stream.on("data", (part) => {
    text += part;
  });
  await until(() => text.length === 7);
  expect(text).toBe("one two");
  stream.destroy();
});

test("removes the port number even if it is split over messages", async () => {
  const greeting = [frame(DATA, Buffer.of(1)), frame(DATA, Buffer.from("\u0002first")), Buffer.of(DATA)];
  const { url } = await kubelet({ greeting, connected: (socket) => socket.close(1000) });
  expect(await drain(new PortForward(url, {}))).toEqual({ text: "first", error: undefined });
});

test("ignores unknown channels and empty messages", async () => {
  const { url } = await kubelet({
    connected(socket) {
      for (const message of [frame(7, "x"), Buffer.alloc(0), frame(DATA, "y")]) socket.send(message);
      socket.close(1000);
    },
  });
  expect((await drain(new PortForward(url, {}))).text).toBe("y");
});

test("fails with the message on the kubelet's error channel", async () => {
  const { url } = await kubelet({ connected: (socket) => socket.send(frame(ERROR, "connection refused\n")) });
  const { error } = await drain(new PortForward(url, {}));
  expect(error).toBeInstanceOf(PortForwardError);
  expect(error?.message).toBe("connection refused");
  expect(error?.status).toBeUndefined();
});

test("fails if the connection breaks, and ends if it is closed normally", async () => {
  const dropped = await kubelet({ connected: (socket) => socket.terminate() });
  expect((await drain(new PortForward(dropped.url, {}))).error?.message).toMatch(/broke off \(1006\)/);
  const closed = await kubelet({
    connected(socket) {
      socket.send(frame(DATA, "last"));
      socket.close();
    },
  });
  expect(await drain(new PortForward(closed.url, {}))).toEqual({ text: "last", error: undefined });
});

test.each([
  [403, JSON.stringify({ kind: "Status", message: "pods/portforward is forbidden" }), "pods/portforward is forbidden"],
  [502, "<html>", "HTTP 502"],
  [404, "x".repeat(100_000), "HTTP 404"],
])("fails with the API server's status %i", async (status, body, message) => {
  const { url } = await kubelet({ refusal: { status, body } });
  const stream = new PortForward(url, {});
  let written: unknown;
  stream.write("never sent", (error) => {
    written = error;
  });
  const { error } = await drain(stream);
  expect([error?.message, error?.status]).toEqual([message, status]);
  expect(written).toBe(error);
});

test("fails if the connection is refused", async () => {
  const { url, close } = await kubelet();
  await close();
  expect((await drain(new PortForward(url, {}))).error?.message).toMatch(/ECONNREFUSED/);
});

test("times out if the server does not answer, and can be destroyed before", async () => {
  const mute: Server = createServer(() => {});
  const held = new Set<Socket>();
  mute.on("connection", (socket) =>
    held.add(
      socket
        .resume()
        .on("error", () => {})
        .on("close", () => held.delete(socket)),
    ),
  );
  await new Promise<void>((listening) => mute.listen(0, "127.0.0.1", listening));
  closers.push(() => {
    mute.close();
    for (const socket of held) socket.destroy();
  });
  const url = new URL(`ws://127.0.0.1:${(mute.address() as AddressInfo).port}/`);
  expect((await drain(new PortForward(url, { handshakeTimeout: 50 }))).error?.message).toMatch(/timed out/);

  const stream = new PortForward(url, {});
  let thrown: unknown;
  stream.write("never sent", (error) => {
    thrown = error;
  });
  await until(() => held.size > 0);
  stream.destroy();
  await once(stream, "close");
  await until(() => held.size === 0);
  expect(thrown).toBeInstanceOf(Error);
});

test("end() closes both directions at once", async () => {
  const codes: number[] = [];
  const heard: string[] = [];
  const { url, sockets } = await kubelet({
    connected: (socket) =>
      socket.on("message", (message) => heard.push(String(message).slice(1))).on("close", (code) => codes.push(code)),
  });
  const stream = new PortForward(url, {});
  stream.end("bye");
  expect(await drain(stream)).toEqual({ text: "", error: undefined });
  await until(() => codes.length > 0 && sockets.size === 0);
  expect(heard).toEqual(["bye"]);
  expect(stream.destroyed).toBe(true);
});

test("respects backpressure while writing", { timeout: 30_000 }, async () => {
  const chunk = Buffer.alloc(64 * 1024, "x");
  const total = 50 * MEBIBYTE;
  let read = 0;
  let reader: WebSocket | undefined;
  const { url } = await kubelet({
    connected(socket) {
      reader = socket;
      socket.pause();
      socket.on("message", (message) => {
        read += (message as Buffer).length - 1;
      });
    },
  });
  const stream = new PortForward(url, {});
  await until(() => reader !== undefined);
  const before = process.memoryUsage.rss();
  let written = 0;
  let peak = 0;
  const writing = (async () => {
    while (written < total) {
      if (!stream.write(chunk)) await once(stream, "drain");
      written += chunk.length;
      peak = Math.max(peak, stream.writableLength);
    }
  })();
  // Writing stops when the sockets' buffers are full.
  let last = -1;
  while (last !== written || written === 0) {
    last = written;
    await pause(100);
  }
  expect(written).toBeLessThan(total / 2);
  // Measure before reading, because read data may not be garbage collected yet.
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MEBIBYTE);
  reader?.resume();
  await writing;
  await until(() => read === total);
  expect(peak).toBeLessThan(MEBIBYTE);
  stream.destroy();
});

test("respects backpressure while reading", { timeout: 30_000 }, async () => {
  const chunk = frame(DATA, Buffer.alloc(32 * 1024, "x"));
  const count = 1600;
  let sent = 0;
  const { url } = await kubelet({
    async connected(socket) {
      while (sent < count) {
        await new Promise((done) => socket.send(chunk, done));
        sent++;
      }
      socket.close(1000);
    },
  });
  const before = process.memoryUsage.rss();
  const stream = new PortForward(url, {});
  stream.once("readable", () => {});
  let last = -1;
  while (last !== sent || sent === 0) {
    last = sent;
    await pause(100);
  }
  expect(sent).toBeLessThan(count / 2);
  expect(stream.readableLength).toBeLessThan(2 * MEBIBYTE);
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MEBIBYTE);
  let read = 0;
  await new Promise((finished) => {
    stream.pipe(
      new Writable({
        write(part, _, done) {
          read += part.length;
          setImmediate(done);
        },
      }).on("finish", finished),
    );
  });
  expect(read).toBe(count * 32 * 1024);
});

test("leaves no connection whenever it is destroyed", { timeout: 60_000 }, async () => {
  const { url, sockets } = await kubelet({
    connected(socket) {
      echo(socket);
      const timer = setInterval(() => socket.send(frame(DATA, Buffer.alloc(8 * 1024))), 1);
      socket.on("close", () => clearInterval(timer));
      // Some connections end by themselves at the same time.
      const fate = Math.random();
      if (fate < 0.3) setTimeout(() => socket.terminate(), Math.random() * 10);
      else if (fate < 0.5) setTimeout(() => socket.send(frame(ERROR, "no")), Math.random() * 10);
    },
  });
  for (let round = 0; round < 20; round++) {
    const streams = Array.from({ length: 20 }, () => new PortForward(url, {}));
    const closed = streams.map((stream) => new Promise((done) => stream.once("close", done)));
    await Promise.all(
      streams.map(async (stream, index) => {
        if (index % 2 === 0) stream.resume();
        stream.write(Buffer.alloc(100_000));
        await pause(Math.random() * 15);
        if (index % 3 === 0) stream.end();
        if (index % 5 === 0) stream.destroy(new Error("changed my mind"));
        else stream.destroy();
      }),
    );
    await Promise.all(closed);
  }
  await until(() => sockets.size === 0);
});

test("adds no listeners to the process", async () => {
  const { url } = await kubelet({ connected: echo });
  const counts = () => process.eventNames().map((name) => [name, process.listenerCount(name)]);
  const before = counts();
  for (let count = 0; count < 50; count++) {
    const stream = new PortForward(url, {});
    stream.write("x");
    await once(stream, "data");
    stream.destroy();
    await once(stream, "close");
  }
  expect(counts()).toEqual(before);
});
