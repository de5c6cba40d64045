// A light client of one API server: few requests, each with an end.
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import type { ClientOptions } from "ws";
import { connectionOf } from "../../net/apiServer.ts";
import { PortForward } from "./portForward.ts";

/** Longest time that one request may take, in milliseconds. */
const REQUEST_TIMEOUT = 10_000;

/** An answer that is not the one hoped for. The message is the API server's own. */
export class ApiError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

type Method = "GET" | "POST" | "DELETE";

export interface Api {
  /** @throws ApiError, or Error where nothing answers in time */
  request<Answer>(method: Method, path: string, body?: object): Promise<Answer>;
  /** A new stream to a port of a pod. */
  forward(namespace: string, pod: string, port: number): PortForward;
  /** The CA that the kubeconfig trusts, where it names one. */
  readonly ca: string | undefined;
  close(): void;
}

/** @param kubeconfig path, or the text itself, which has more than one line. */
export async function apiOf(kubeconfig: string, context: string): Promise<Api> {
  const { url: server, options } = await connectionOf(kubeconfig, context);
  const base = server.replace(/\/$/, "");
  const isSecure = base.startsWith("https:");
  // The client's own agent, where there is one, knows the way through a proxy.
  const agent =
    (options.agent as Agent | undefined) ??
    (isSecure ? new Agent({ ...options, keepAlive: true }) : new HttpAgent({ keepAlive: true }));
  const send = isSecure ? httpsRequest : httpRequest;

  return {
    ca: options.ca?.toString(),
    request<Answer>(method: Method, path: string, body?: object): Promise<Answer> {
      return new Promise((resolve, reject) => {
        const content = body === undefined ? "" : JSON.stringify(body);
        const headers = {
          ...(options.headers as Record<string, string> | undefined),
          accept: "application/json",
          // Of a DELETE's content Node tells no length by itself.
          ...(body && { "content-type": "application/json", "content-length": Buffer.byteLength(content) }),
        };
        const settings: RequestOptions = { ...options, agent, method, headers };
        const request = send(new URL(`${base}${path}`), settings, (response) => {
          text(response)
            .then((answer) => {
              const status = response.statusCode ?? 0;
              if (status >= 200 && status < 300) resolve(JSON.parse(answer) as Answer);
              else reject(new ApiError(messageIn(answer) ?? `HTTP ${status}`, status));
            })
            .catch(reject)
            .finally(() => clearTimeout(timer));
        });
        const timer = setTimeout(() => {
          request.destroy(new Error(`${base} did not answer within ${REQUEST_TIMEOUT / 1_000} s`));
        }, REQUEST_TIMEOUT);
        request.on("error", (error: NodeJS.ErrnoException) => {
          clearTimeout(timer);
          // Of several addresses that all failed Node tells only a code.
          reject(error.message ? error : new Error(`${base}: ${error.code ?? error.name}`));
        });
        request.end(content);
      });
    },
    forward(namespace, pod, port) {
      const url = new URL(`${base}/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`);
      url.protocol = isSecure ? "wss:" : "ws:";
      return new PortForward(url, options as ClientOptions);
    },
    close: () => agent.destroy(),
  };
}

/** What a `Status` says. */
function messageIn(answer: string): string | undefined {
  try {
    const { message } = JSON.parse(answer) as { message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
