// An API server that only supports port-forwarding: a real WebSocket server for v4.channel.k8s.io.
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

export const DATA = 0;
export const ERROR = 1;

export interface FakeKubelet {
  readonly url: URL;
  /** Open connections. */
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

export interface FakeKubeletOptions {
  /** Called with a connection after the port was sent on both channels. */
  readonly connected?: (socket: WebSocket) => void;
  /** Answer instead of a WebSocket. */
  readonly refusal?: { readonly status: number; readonly body: string };
  /** The first messages. @default the port on each channel */
  readonly greeting?: readonly Buffer[];
}

export const frame = (channel: number, content: Buffer | string) =>
  Buffer.concat([Buffer.of(channel), Buffer.from(content)]);

const PORT = Buffer.from([15001 & 0xff, 15001 >> 8]);
export const greeting = [frame(DATA, PORT), frame(ERROR, PORT)];

export async function startFakeKubelet({
  connected = () => {},
  refusal,
  greeting: greets = greeting,
}: FakeKubeletOptions = {}): Promise<FakeKubelet> {
  const server = createServer((_, response) => response.writeHead(404).end());
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
  });
  const upgraded = new WebSocketServer({ noServer: true, handleProtocols: () => "v4.channel.k8s.io" });
  server.on("upgrade", (request, socket, head) => {
    if (refusal) {
      const { status, body } = refusal;
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      return;
    }
    upgraded.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on("error", () => {});
      for (const message of greets) websocket.send(message);
      connected(websocket);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`ws://127.0.0.1:${port}/api/v1/namespaces/n/pods/p/portforward?ports=15001`),
    sockets,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
