// A proxy in front of an API server: forwards requests to a lab's cluster, and lets a test inspect each one before.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";

export interface Passing {
  readonly method: string;
  readonly path: string;
}

export interface Interceptor {
  /** Text of a kubeconfig for this proxy; its context has the same name as the cluster's. */
  readonly kubeconfig: string;
  /** Forwarded requests with the API server's status: `PATCH /api/v1/… 200`. */
  readonly passed: string[];
  close(): void;
}

interface Answers {
  /** Called after the API server has answered; if it returns false, the client gets no answer. */
  readonly answered?: (passing: Passing) => boolean;
  /** Number of seconds that are added to the Date of the answers. */
  readonly seconds?: number;
}

/** @param meet called before each request is forwarded; if it returns false, the request gets no answer */
export async function intercept(
  { kubeconfig, context }: { readonly kubeconfig: string; readonly context: string },
  meet: (passing: Passing) => Promise<boolean> | boolean,
  { answered = () => true, seconds = 0 }: Answers = {},
): Promise<Interceptor> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  config.setCurrentContext(context);
  const target = new URL(config.getCurrentCluster()?.server ?? "");
  const credentials: RequestOptions = {};
  await config.applyToHTTPSOptions(credentials);
  const passed: string[] = [];

  const server = createServer(async (request, response) => {
    const passing = { method: request.method ?? "", path: (request.url ?? "").replace(/\?.*/, "") };
    const body = await bodyOf(request);
    if (!(await meet(passing))) return response.destroy();
    await pass(request, response, body, () => answered(passing));
    passed.push(`${passing.method} ${passing.path} ${response.statusCode}`);
  });

  function pass(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    isAnswered: () => boolean,
  ): Promise<void> {
    return new Promise((done) => {
      const { host: _, connection: __, ...headers } = request.headers;
      const options = {
        ...credentials,
        agent: false as const,
        host: target.hostname,
        port: target.port,
        method: request.method,
        path: request.url,
        headers: { ...headers, "content-length": body.length },
      };
      const onward = httpsRequest(options, async (answer) => {
        const content = await bodyOf(answer);
        if (!isAnswered()) {
          response.destroy();
          return done();
        }
        const { "transfer-encoding": ___, date = "", ...answered } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, {
          ...answered,
          date: new Date(Date.parse(date) + seconds * 1000).toUTCString(),
          "content-length": content.length,
        });
        response.end(content, done);
      });
      onward.on("error", () => {
        response.destroy();
        done();
      });
      onward.end(body);
    });
  }

  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    kubeconfig: `${JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "met", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
      users: [{ name: "met", user: {} }],
      contexts: [{ name: context, context: { cluster: "met", user: "met" } }],
    })}\n`,
    passed,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
