// An API server, asked without the Kubernetes client: loading that takes longer than an unchanged mesh may take.
import type { Agent as HttpAgent, IncomingHttpHeaders } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { type Connection, connectionOf } from "./connection.ts";
import { http } from "./http.ts";

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As JSON, where it is that, else as text. */
  readonly body: unknown;
  /** When it was asked, and when the answer began, by this machine's clock in ms. */
  readonly asked: number;
  readonly answered: number;
}

export interface AskOptions {
  /** Names, labels and annotations are enough, of what is large or secret: of a list's items, or of one object. */
  readonly metadata?: "list" | "object";
  /**
   * Longest wait for the whole answer, in ms, from when a connection is free for it: while others hold them all, from what the
   * server answered last. @default 30 s
   */
  readonly timeout?: number;
}

export interface Content {
  readonly body: object;
  /** @default application/json */
  readonly type?: string;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface ApiServer {
  /** Its URL, as the kubeconfig has it, without a slash at its end. */
  readonly url: string;
  /** @throws TimedOut, or Error where there is no answer */
  get(path: string, options?: AskOptions): Promise<ApiAnswer>;
  /** @throws TimedOut, or Error where there is no answer */
  post(path: string, body: object, options?: AskOptions): Promise<ApiAnswer>;
  /** @throws TimedOut, or Error where there is no answer */
  send(method: Method, path: string, content?: Content, options?: AskOptions): Promise<ApiAnswer>;
  /** How it is reached, for streams. */
  readonly connection: Connection;
  /** Leaves no connection open. */
  close(): void;
}

/** An answer that is not the one hoped for. The message is the API server's own. */
export class ApiError extends Error {
  readonly status: number;

  constructor({ status, body }: Pick<ApiAnswer, "status" | "body">) {
    super(messageOf(body) ?? `HTTP ${status}`);
    this.status = status;
  }
}

/** An API server that did not answer in time. */
export class TimedOut extends Error {}

/** Whether the same request may be answered otherwise in a moment: the API server is busy, or restarts. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError ? error.status === 429 || error.status >= 500 : error instanceof TimedOut;
}

/** What an API server says of a request that it refused. */
export function messageOf(body: unknown): string | undefined {
  const { message } = (body ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : undefined;
}

/** What was answered. @throws ApiError where that was no success */
export function succeeded<Answer>(answer: ApiAnswer): Answer {
  if (answer.status < 200 || answer.status >= 300) throw new ApiError(answer);
  return answer.body as Answer;
}

const JSON_TYPE = "application/json";
const KINDS = { list: "PartialObjectMetadataList", object: "PartialObjectMetadata" };
/** At once to one server: more cost more to open than they save. */
const CONNECTIONS = 4;

/** @param kubeconfig path, or the text itself, which has more than one line. */
export async function apiServer(kubeconfig: string, context: string): Promise<ApiServer> {
  let connection = await connectionOf(kubeconfig, context);
  const { url } = connection;
  const isPlain = url.startsWith("http:");
  const request = isPlain ? http.request : httpsRequest;
  let agent = agentFor(connection, isPlain);
  /** When the server last answered anything, by this machine's clock in ms. */
  let heard = 0;

  function ask(
    method: Method,
    path: string,
    content: Content | undefined,
    { metadata, timeout = 30_000 }: AskOptions,
  ): Promise<ApiAnswer> {
    const body = content && JSON.stringify(content.body);
    const { options } = connection;
    const headers = {
      ...(options.headers as Record<string, string> | undefined),
      accept: metadata ? `${JSON_TYPE};as=${KINDS[metadata]};g=meta.k8s.io;v=v1,${JSON_TYPE}` : JSON_TYPE,
      // Of a DELETE's content Node tells no length by itself.
      ...(body !== undefined && {
        "content-type": content?.type ?? JSON_TYPE,
        "content-length": Buffer.byteLength(body),
      }),
    };
    const controller = new AbortController();
    const { signal } = controller;
    let timer: NodeJS.Timeout | undefined;
    return new Promise<ApiAnswer>((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException) => {
        if (signal.aborted) reject(new TimedOut(`${url} did not answer within ${timeout / 1000} s`));
        // The server closed a connection in the moment in which it was used again, as it may one that was idle.
        else if (method === "GET" && sent.reusedSocket && error.code === "ECONNRESET") {
          ask(method, path, content, { ...(metadata && { metadata }), timeout }).then(resolve, reject);
        }
        // Of several addresses that all failed Node tells only a code.
        else reject(error.message ? error : new Error(`${url}: ${error.code ?? error.name}`));
      };
      let asked = Date.now();
      let isQueued = true;
      // While it waits for others, a server is silent that answers none of them.
      const giveUpInTime = () => {
        const left = (isQueued ? Math.max(asked, heard) : asked) + timeout - Date.now();
        if (left <= 0) controller.abort();
        else timer = setTimeout(giveUpInTime, left);
      };
      giveUpInTime();
      const sent = request(new URL(`${url}${path}`), { ...options, agent, method, headers, signal }, (response) => {
        const { statusCode: status = 0, headers } = response;
        const answered = Date.now();
        heard = answered;
        const whole = text(response).then((said) => ({ status, headers, body: structured(said), asked, answered }));
        whole.then(resolve, failed);
      });
      // It has one of the connections, or one is being opened for it.
      sent.once("socket", () => {
        asked = Date.now();
        isQueued = false;
      });
      sent.on("error", failed).end(body);
    }).finally(() => clearTimeout(timer));
  }

  /** Credentials that a command or an identity provider gave may end before the work does. */
  async function askAnew(...question: Parameters<typeof ask>): Promise<ApiAnswer> {
    const used = connection;
    const answer = await ask(...question);
    if (answer.status !== 401 || !used.isTemporary) return answer;
    if (connection === used) {
      connection = await connectionOf(kubeconfig, context);
      agent = agentFor(connection, isPlain);
    }
    return ask(...question);
  }

  return {
    url,
    get: (path, settings = {}) => askAnew("GET", path, undefined, settings),
    post: (path, body, settings = {}) => askAnew("POST", path, { body }, settings),
    send: (method, path, content, settings = {}) => askAnew(method, path, content, settings),
    get connection() {
      return connection;
    },
    close: () => agent.destroy(),
  };
}

/** The client's own, where there is one, knows the way through a proxy. */
function agentFor({ options }: Connection, isPlain: boolean): HttpAgent {
  return (
    (options.agent as HttpAgent | undefined) ??
    new (isPlain ? http.Agent : Agent)({ ...options, keepAlive: true, maxSockets: CONNECTIONS })
  );
}

/** What stands between two of them may answer, too, and not in JSON. */
function structured(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
