// A cluster for the probe: namespaces with one pod each, and in that pod an Envoy behind the port-forward. It serves
// HTTPS with its own CA, so it can also be a peer's API server.
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { stringify } from "yaml";
import { authority } from "../../../lab/pki.ts";
import { DATA, ERROR, frame, greeting } from "./fakeKubelet.ts";

export interface FakeCluster {
  readonly name: string;
  readonly server: string;
  readonly kubeconfig: string;
  /** Existing namespaces. */
  readonly namespaces: Map<string, { created: number; labels: Record<string, string>; pod?: object }>;
  /** `METHOD /path` of all requests. */
  readonly requests: string[];
  readonly behaviour: Behaviour;
  close(): void;
}

/** Deviations from a healthy cluster. */
export interface Behaviour {
  /**
   * Called before each request is handled. `lose`: handled, but never answered. `isDone`: handled, but answered with
   * this.
   */
  meet?: (
    request: string,
  ) => Promise<"lose" | { status: number; message: string; isDone?: true } | undefined> | undefined;
  /** State of the pod's container. */
  state?: object;
  /** The kubelet's error for a port-forward, instead of forwarding. @default depends on the container's state */
  forward?: () => string | undefined;
  /** Duration of a namespace's deletion, in milliseconds. */
  removal?: number;
  /** Offset of its clock, in milliseconds. */
  ahead?: number;
}

const issuer = await authority("kubernetes");
const { certPem: cert, keyPem: key } = await issuer.issue({ commonName: "api", hosts: ["127.0.0.1"] });
export const stranger = (await authority("somebody-else")).certPem;

export async function startFakeCluster(name: string, behaviour: Behaviour = {}): Promise<FakeCluster> {
  const namespaces: FakeCluster["namespaces"] = new Map();
  const requests: string[] = [];
  const status = (code: number, message: string) => [code, { kind: "Status", message }] as const;

  function answer(method: string, path: string, body: Record<string, never>): readonly [number, object] {
    const [, namespace = "", rest = ""] = /^\/api\/v1\/namespaces\/([^/?]+)\/?(.*)$/.exec(path) ?? [];
    if (path === "/apis") return [200, {}];
    if (path.endsWith("kube-root-ca.crt")) return [200, { data: { "ca.crt": issuer.certPem } }];
    if (path === "/api/v1") return [200, { resources: [{ name: "namespaces", kind: "Namespace", namespaced: false }] }];
    if (path.startsWith("/api/v1/namespaces?")) {
      const terms = (new URLSearchParams(path.split("?")[1]).get("labelSelector") ?? "").split(",");
      const selects = (labels: Record<string, string>) =>
        terms.every((term) => {
          const [label = "", value] = term.split("=");
          return label in labels && (value === undefined || labels[label] === value);
        });
      const items = [...namespaces]
        .filter(([, { labels }]) => selects(labels))
        .map(([name, { created, labels }]) => ({
          metadata: { name, labels, creationTimestamp: new Date(created).toISOString() },
        }));
      return [200, { items }];
    }
    if (path === "/api/v1/namespaces") {
      const { name, labels } = body.metadata as unknown as { name: string; labels: Record<string, string> };
      if (namespaces.has(name)) return status(409, `namespaces "${name}" already exists`);
      namespaces.set(name, { created: Date.now() + (behaviour.ahead ?? 0), labels });
      return [201, {}];
    }
    const found = namespaces.get(namespace);
    if (!found) return status(404, `namespaces "${namespace}" not found`);
    if (rest === "" && method === "DELETE") {
      setTimeout(() => namespaces.delete(namespace), behaviour.removal ?? 5);
      return [200, {}];
    }
    if (rest === "") return [200, { status: {} }];
    if (rest.endsWith("/token")) return [201, { status: { token: `token of ${name}` } }];
    if (method === "POST" && rest === "pods") found.pod = body;
    if (method === "GET" && rest.startsWith("pods/")) {
      return [200, { status: { containerStatuses: [{ state: behaviour.state ?? { running: {} } }] } }];
    }
    return [method === "POST" ? 201 : 200, {}];
  }

  const server = createServer({ cert, key }, async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const { method = "", url = "", headers } = request;
    requests.push(`${method} ${url}`);
    const met = await behaviour.meet?.(`${method} ${url}`);
    if (typeof met === "object" && !met.isDone) {
      response.writeHead(met.status).end(JSON.stringify({ kind: "Status", message: met.message }));
      return;
    }
    const known = ["Bearer admin", `Bearer token of ${name}`].includes(headers.authorization ?? "");
    const [code, content] = known ? answer(method, url, JSON.parse(body || "{}")) : status(401, "Unauthorized");
    if (met === "lose") response.destroy();
    else if (met) response.writeHead(met.status).end(JSON.stringify({ kind: "Status", message: met.message }));
    else response.writeHead(code).end(JSON.stringify(content));
  });
  const upgraded = new WebSocketServer({ noServer: true, handleProtocols: () => "v4.channel.k8s.io" });
  server.on("upgrade", async (request, socket, head) => {
    socket.on("error", () => {});
    const met = await behaviour.meet?.(`FORWARD ${request.url}`);
    if (typeof met === "object") {
      const body = JSON.stringify({ kind: "Status", message: met.message });
      return socket.end(`HTTP/1.1 ${met.status} No\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    }
    upgraded.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on("error", () => {});
      for (const message of greeting) websocket.send(message);
      const isThere = behaviour.state === undefined || "running" in behaviour.state;
      const refusal = behaviour.forward ? behaviour.forward() : isThere ? undefined : "there is no such container";
      if (refusal === undefined) envoy(websocket);
      else websocket.send(frame(ERROR, refusal), () => websocket.close());
    });
  });
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket.on("close", () => sockets.delete(socket))));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ca = Buffer.from(issuer.certPem).toString("base64");
  return {
    name,
    server: url,
    namespaces,
    requests,
    behaviour,
    kubeconfig: stringify({
      clusters: [{ name, cluster: { server: url, "certificate-authority-data": ca } }],
      users: [{ name, user: { token: "admin" } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    }),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Handles one CONNECT, and forwards. */
function envoy(websocket: WebSocket): void {
  const reply = (text: string) => websocket.send(frame(DATA, text));
  websocket.once("message", (message) => {
    const [, host = "", port = ""] = /^CONNECT (\S+):(\d+) /.exec(String(message).slice(1)) ?? [];
    const onward = connect(Number(port), host);
    const refuse = (details: string) => {
      const body = JSON.stringify({ details, flags: "UF", transport: null });
      reply(`HTTP/1.1 503 No\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    };
    onward.once("connect", () => {
      reply("HTTP/1.1 200 OK\r\n\r\n");
      onward.on("data", (part) => websocket.send(frame(DATA, part)));
      websocket.on("message", (more) => onward.write((more as Buffer).subarray(1)));
    });
    onward.on("error", ({ code }: NodeJS.ErrnoException) => {
      refuse(code === "ECONNREFUSED" ? "delayed_connect_error:_Connection_refused" : `dns_resolution_failure{${code}}`);
    });
    onward.on("close", () => websocket.close());
    websocket.on("close", () => onward.destroy());
  });
}
