// A SOCKS proxy (version 5, without authentication) that connects to any target, and records the targets.
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface SocksProxy {
  readonly port: number;
  /** Requested targets: `host:port`. */
  readonly tunnels: readonly string[];
  close(): void;
}

/** @param servers host to connect to, by requested name. @default the requested name */
export async function startSocksProxy(servers: Readonly<Record<string, string>> = {}): Promise<SocksProxy> {
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (asked) => {
        const isName = asked[3] === 3;
        const end = isName ? 5 + (asked[4] ?? 0) : 8;
        const host = isName ? asked.subarray(5, end).toString() : asked.subarray(4, end).join(".");
        const port = asked.readUInt16BE(end);
        tunnels.push(`${host}:${port}`);
        const onward = connect(port, servers[host] ?? host, () => {
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          socket.pipe(onward).pipe(socket);
        });
        sockets.add(onward);
        onward.on("error", () => socket.destroy());
      });
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
