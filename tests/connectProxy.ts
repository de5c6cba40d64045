// A forward proxy as in a closed network: it opens tunnels (CONNECT) to known servers only, and records them.
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";

export interface Tunnel {
  /** Address of the client. */
  readonly from: string;
  /** Requested target: `host:port`. */
  readonly to: string;
}

export interface ConnectProxy {
  readonly port: number;
  readonly tunnels: readonly Tunnel[];
  close(): void;
}

/**
 * @param address address on which the proxy listens
 * @param servers actual `host:port` of each tunnel, by the requested `host:port`; other targets get 403
 */
export async function startConnectProxy(
  address: string,
  servers: Readonly<Record<string, string>>,
): Promise<ConnectProxy> {
  const tunnels: Tunnel[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on("connect", ({ url = "", socket: { remoteAddress = "" } }, socket, head) => {
    tunnels.push({ from: remoteAddress, to: url });
    const target = servers[url];
    if (target === undefined) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const [host, port] = target.split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(end);
      end.on("error", () => other.destroy()).on("close", () => other.destroy());
    }
  });
  await new Promise<void>((listening) => server.listen(0, address, listening));
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
