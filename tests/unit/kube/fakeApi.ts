import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the fake API server received. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface FakeApi {
  readonly server: string;
  readonly received: Received[];
  close(): void;
}

/** Messages of an exec: [channel, text] pairs; 1 is stdout, 2 stderr, 3 the status. Afterwards it closes, or hangs. */
export interface FakeExec {
  /** Accepts the connection, but sends nothing. */
  readonly isSilent?: boolean;
  /** Answers to the first connections, which are then refused. Status 0 breaks the connection. */
  readonly refusals?: { readonly status: number; readonly message: string }[];
  readonly frames: readonly (readonly [number, string])[];
  readonly close: boolean;
}

/** An API server with prepared answers by path, and prepared execs over a WebSocket. */
export async function startFakeApi(
  answers: Readonly<Record<string, { status?: number; body: unknown }>>,
  exec?: FakeExec,
): Promise<FakeApi> {
  const received: Received[] = [];
  const read = (request: IncomingMessage, body: string): Received => {
    const entry = {
      method: request.method ?? "",
      url: new URL(request.url ?? "/", "http://fake"),
      contentType: request.headers["content-type"],
      authorization: request.headers.authorization,
      body,
    };
    received.push(entry);
    return entry;
  };

  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { url } = read(request, body);
    const answer = answers[url.pathname] ?? { status: 404, body: { kind: "Status", message: `no ${url.pathname}` } };
    response.statusCode = answer.status ?? 200;
    response.setHeader("Content-Type", typeof answer.body === "string" ? "text/plain" : "application/json");
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });
  server.on("upgrade", (request, socket) => {
    read(request, "");
    if (!exec) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const refusal = exec.refusals?.shift();
    if (refusal?.status === 0) return socket.destroy();
    if (refusal) {
      const body = JSON.stringify({ kind: "Status", message: refusal.message });
      return socket.end(`HTTP/1.1 ${refusal.status} No\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    }
    if (exec.isSilent) return;
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n` +
        "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n",
    );
    for (const [channel, text] of exec.frames) socket.write(frame(channel, text));
    if (exec.close) socket.end();
    socket.on("error", () => {});
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A binary WebSocket frame of less than 64 KiB. */
function frame(channel: number, text: string): Buffer {
  const payload = Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
  const header = Buffer.from([0x82, 126, payload.length >> 8, payload.length & 0xff]);
  return payload.length < 126
    ? Buffer.concat([Buffer.from([0x82, payload.length]), payload])
    : Buffer.concat([header, payload]);
}
