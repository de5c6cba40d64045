// Requests to an API server without the Kubernetes client, because loading the client takes longer than a run that
// changes nothing may take.
import type { Agent as HttpAgent, IncomingHttpHeaders } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { http } from "../net/http.ts";
import { isBroken, type Limits, mayPass, persistently } from "../net/retry.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { type CommandOptions, hasEnded } from "./credentialsCommand.ts";
import { isNameless, settled } from "./repeatedWrite.ts";
import { shown } from "./shown.ts";
import { withTimeout } from "./withTimeout.ts";

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The parsed value of a JSON answer, otherwise the text. */
  readonly body: unknown;
  /** When the request was sent, and when the answer began, by this machine's clock in ms. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface AskOptions extends Limits {
  /** Return only metadata, for objects that are large or secret: of each item of a list, or of a single object. */
  readonly metadata?: "list" | "object";
  /** Value of the `accept` header. @default JSON */
  readonly accept?: string;
  /**
   * Longest wait for the whole answer of one try, in ms. It starts when the request gets a connection. While the
   * request waits for one, each answer of the server to another request restarts it.
   * @default 30 s
   */
  readonly timeout?: number | undefined;
  /**
   * Return the body of a successful answer as text even if it parses as JSON, such as a log of one line.
   * @default false
   */
  readonly isText?: boolean;
  /**
   * The signal ends only pauses and further tries, because an aborted write may still be carried out.
   * @default false
   */
  readonly finishes?: boolean;
}

/** Defaults for all requests to a server, and for the command that gives credentials. */
export interface ServerOptions extends Limits, CommandOptions {}

export interface Content {
  readonly body: object;
  /** @default application/json */
  readonly type?: string;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * Requests are repeated while the server is busy or restarts (`retry.ts`). If that does not help, the last answer is
 * returned.
 */
export interface ApiServer {
  /** The URL in the kubeconfig, without a trailing slash. */
  readonly url: string;
  /** @throws TimedOut, or Error if there is no answer */
  get(path: string, options?: AskOptions): Promise<ApiAnswer>;
  /** @throws TimedOut, or Error if there is no answer */
  post(path: string, body: object, options?: AskOptions): Promise<ApiAnswer>;
  /** @throws TimedOut, or Error if there is no answer */
  send(method: Method, path: string, content?: Content, options?: AskOptions): Promise<ApiAnswer>;
  /** URL, TLS options and headers, for WebSocket streams. */
  readonly connection: Connection;
  /**
   * The connection, with new credentials if the old ones have expired.
   * @param refused the connection whose credentials the server refused
   */
  renewed(refused?: Connection): Promise<Connection>;
  /** Closes all connections. */
  close(): void;
}

/** An unsuccessful answer. The message is the API server's own. */
export class ApiError extends Error {
  readonly status: number;

  constructor({ status, body }: Pick<ApiAnswer, "status" | "body">) {
    super(messageOf(body) ?? `HTTP ${status}`);
    this.status = status;
  }
}

/** An API server that did not answer in time. */
export class TimedOut extends Error {}

/** Whether the same request may succeed in a moment, because the API server is busy or restarts. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError ? error.status === 429 || error.status >= 500 : error instanceof TimedOut;
}

/** The API server's message about a request that it refused, safe to print. */
export function messageOf(body: unknown): string | undefined {
  const { message } = (body ?? {}) as { message?: unknown };
  return typeof message === "string" ? shown(message) : undefined;
}

/** The body of a successful answer. @throws ApiError for any other answer */
export function succeeded<Answer>(answer: ApiAnswer): Answer {
  if (answer.status < 200 || answer.status >= 300) throw new ApiError(answer);
  return answer.body as Answer;
}

/** The items of a list. An empty PartialObjectMetadataList has `items: null`. @throws ApiError for any other answer */
export const itemsOf = <Item>(answer: ApiAnswer): readonly Item[] =>
  succeeded<{ items: readonly Item[] | null }>(answer).items ?? [];

const JSON_TYPE = "application/json";
const KINDS = { list: "PartialObjectMetadataList", object: "PartialObjectMetadata" };
/** Connections to one server. Opening more costs more time than they save. */
const CONNECTIONS = 4;

/** @param kubeconfig path of a kubeconfig, or its text (more than one line) */
export async function apiServer(kubeconfig: string, context: string, defaults: ServerOptions = {}): Promise<ApiServer> {
  // All callers share one run of the credentials command. Aborting one caller ends only that caller's wait.
  const connect = (refused?: Connection) =>
    withTimeout(connectionOf(kubeconfig, context, defaults, refused), { signal: defaults.signal });
  let connection = await connect();
  const { url } = connection;
  const called = shown(url);
  const isPlain = url.startsWith("http:");
  const request = isPlain ? http.request : httpsRequest;
  let agent = agentFor(connection, isPlain);
  /** When the server last answered any request, by this machine's clock in ms. */
  let lastAnswerAt = 0;

  function ask(
    method: Method,
    path: string,
    content: Content | undefined,
    { metadata, accept = JSON_TYPE, timeout = 30_000, signal: given, finishes, isText }: AskOptions,
  ): Promise<ApiAnswer> {
    // Send bytes: with a string body, Node encodes the headers in UTF-8 instead of Latin-1 as for a GET.
    const body = content && Buffer.from(JSON.stringify(content.body));
    const { options } = connection;
    const headers = {
      ...(options.headers as Record<string, string> | undefined),
      accept: metadata ? `${JSON_TYPE};as=${KINDS[metadata]};g=meta.k8s.io;v=v1,${JSON_TYPE}` : accept,
      // Node sets no content-length for a DELETE by itself.
      ...(body !== undefined && {
        "content-type": content?.type ?? JSON_TYPE,
        "content-length": body.length,
      }),
    };
    const controller = new AbortController();
    const { signal } = controller;
    const giveUp = () => controller.abort(given?.reason);
    if (!finishes) given?.addEventListener("abort", giveUp, { once: true });
    if (!finishes && given?.aborted) giveUp();
    let timer: NodeJS.Timeout | undefined;
    return new Promise<ApiAnswer>((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException) => {
        if (signal.aborted) reject(signal.reason);
        // If all addresses of a host fail, Node's error has a code but no message.
        else reject(error.message ? error : Object.assign(new Error(`${called}: ${error.code ?? error.name}`), error));
      };
      let sentAt = Date.now();
      let isQueued = true;
      // A queued request times out only if the server answers none of the other requests either.
      const giveUpInTime = () => {
        const left = (isQueued ? Math.max(sentAt, lastAnswerAt) : sentAt) + timeout - Date.now();
        if (left > 0) timer = setTimeout(giveUpInTime, left);
        else controller.abort(new TimedOut(`${called} did not answer within ${timeout / 1000} s`));
      };
      giveUpInTime();
      const sent = request(new URL(`${url}${path}`), { ...options, agent, method, headers, signal }, (response) => {
        const { statusCode: status = 0, headers } = response;
        const answeredAt = Date.now();
        lastAnswerAt = answeredAt;
        const bodyOf = (content: string) => (isText && status === 200 ? content : structured(content));
        const completeAnswer = text(response).then((content) => {
          const answer = { status, headers, body: bodyOf(content), sentAt, answeredAt };
          if (!isText && isPage(answer)) throw new Error(`${called} answered HTTP ${status} with ${PAGE}`);
          return answer;
        });
        completeAnswer.then(resolve, failed);
      });
      // The request now has a connection, or Node opens one for it.
      sent.once("socket", () => {
        sentAt = Date.now();
        isQueued = false;
      });
      sent.on("error", failed).end(body);
    }).finally(() => {
      clearTimeout(timer);
      given?.removeEventListener("abort", giveUp);
    });
  }

  /** Credentials from a command or an identity provider may expire during a run. */
  async function renewed(refused?: Connection): Promise<Connection> {
    const used = connection;
    const needsRenewal =
      refused === used ? used.isTemporary : used.credentials !== undefined && hasEnded(used.credentials);
    if (!needsRenewal) return used;
    const fresh = await connect(used);
    // Another request may have renewed the connection meanwhile.
    if (connection === used) {
      connection = fresh;
      agent = agentFor(fresh, isPlain);
    }
    return connection;
  }

  async function askAnew(...question: Parameters<typeof ask>): Promise<ApiAnswer> {
    const used = await renewed();
    const answer = await ask(...question);
    if (answer.status !== 401 || !used.isTemporary) return answer;
    await renewed(used);
    return ask(...question);
  }

  /** Repeats writes like reads; `settled` interprets the answer to a repeated write. */
  async function send(method: Method, path: string, content?: Content, given: AskOptions = {}): Promise<ApiAnswer> {
    const { tries, within, signal } = defaults;
    const options = { tries, within, signal, ...given };
    let isUncertain = false;
    const attempt = async () => {
      try {
        const answer = await askAnew(method, path, content, options);
        isUncertain ||= answer.status >= 500;
        return answer;
      } catch (error) {
        isUncertain ||= isBroken(error);
        throw error;
      }
    };
    const limits = isNameless(method, content) ? { ...options, tries: 1 } : options;
    const answer = await persistently(attempt, (error) => mayPass(error, lastAnswerAt > 0), limits);
    const read = (own: string) => send("GET", own, undefined, options);
    return isUncertain && method !== "GET" ? settled(method, path, content, answer, read) : answer;
  }

  return {
    url,
    get: (path, options) => send("GET", path, undefined, options),
    post: (path, body, options) => send("POST", path, { body }, options),
    send,
    get connection() {
      return connection;
    },
    renewed,
    close: () => agent.destroy(),
  };
}

const PAGE = "a page that is not from the Kubernetes API: a proxy or gateway answers instead; make it forward requests";

/**
 * Whether a proxy or gateway wrote the answer. Such a page must not be taken for an empty list or a deleted object. An
 * API server's own 404 is JSON, or "404 page not found" if it does not know the path.
 */
function isPage({ status, body }: Pick<ApiAnswer, "status" | "body">): boolean {
  if (typeof body !== "string" || body === "") return false;
  return status === 404 ? !body.startsWith("404 page not found") : status < 300 && /^\s*</.test(body);
}

/** If the Kubernetes client created an agent, use it, because it connects through the proxy. */
function agentFor({ options }: Connection, isPlain: boolean): HttpAgent {
  return (
    (options.agent as HttpAgent | undefined) ??
    new (isPlain ? http.Agent : Agent)({ ...options, keepAlive: true, maxSockets: CONNECTIONS })
  );
}

/** The body parsed as JSON, or as text: a proxy between this machine and the server may answer with something else. */
export function structured(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
