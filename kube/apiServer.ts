// An API server, asked without the Kubernetes client: loading that takes longer than an unchanged mesh may take.
import type { Agent as HttpAgent, IncomingHttpHeaders } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { http } from "../net/http.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { type CommandOptions, hasEnded } from "./credentialsCommand.ts";
import { inTime } from "./inTime.ts";
import { isNameless, settled } from "./repeatedWrite.ts";
import { isBroken, type Limits, mayPass, persistently } from "./retry.ts";
import { shown } from "./shown.ts";

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As JSON, where it is that, else as text. */
  readonly body: unknown;
  /** When it was asked, and when the answer began, by this machine's clock in ms. */
  readonly asked: number;
  readonly answered: number;
}

export interface AskOptions extends Limits {
  /** Names, labels and annotations are enough, of what is large or secret: of a list's items, or of one object. */
  readonly metadata?: "list" | "object";
  /** Another form of the answer, as an `accept` header. @default JSON */
  readonly accept?: string;
  /**
   * Longest wait for the whole answer of one try, in ms, from when a connection is free for it: while others hold them all, from what the
   * server answered last. @default 30 s
   */
  readonly timeout?: number | undefined;
  /** An answer of success is text, also where that happens to be JSON, such as a log of one line. @default false */
  readonly isText?: boolean;
  /** The signal ends pauses and further tries alone: a write that is given up may still be done. @default false */
  readonly finishes?: boolean;
}

/** What holds for all requests to a server, where they do not say otherwise, and for the command that gives credentials for it. */
export interface ServerOptions extends Limits, CommandOptions {}

export interface Content {
  readonly body: object;
  /** @default application/json */
  readonly type?: string;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Requests are repeated while the server is busy or restarts (`retry.ts`); only then is the last of its answers returned. */
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
  /** The same with credentials that have not ended. @param refused one that the server did not take */
  renewed(refused?: Connection): Promise<Connection>;
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

/** What an API server says of a request that it refused, fit to be shown. */
export function messageOf(body: unknown): string | undefined {
  const { message } = (body ?? {}) as { message?: unknown };
  return typeof message === "string" ? shown(message) : undefined;
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
export async function apiServer(kubeconfig: string, context: string, defaults: ServerOptions = {}): Promise<ApiServer> {
  // A command is run for all that need it, so that one of them ends its own waiting only.
  const connect = (refused?: Connection) =>
    inTime(connectionOf(kubeconfig, context, defaults, refused), { signal: defaults.signal });
  let connection = await connect();
  const { url } = connection;
  const called = shown(url);
  const isPlain = url.startsWith("http:");
  const request = isPlain ? http.request : httpsRequest;
  let agent = agentFor(connection, isPlain);
  /** When the server last answered anything, by this machine's clock in ms. */
  let heard = 0;

  /** One try. */
  function ask(
    method: Method,
    path: string,
    content: Content | undefined,
    { metadata, accept = JSON_TYPE, timeout = 30_000, signal: given, finishes, isText }: AskOptions,
  ): Promise<ApiAnswer> {
    // Bytes: a text would have Node write the headers in another encoding than those of a GET.
    const body = content && Buffer.from(JSON.stringify(content.body));
    const { options } = connection;
    const headers = {
      ...(options.headers as Record<string, string> | undefined),
      accept: metadata ? `${JSON_TYPE};as=${KINDS[metadata]};g=meta.k8s.io;v=v1,${JSON_TYPE}` : accept,
      // Of a DELETE's content Node tells no length by itself.
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
        // Of several addresses that all failed Node tells only a code.
        else reject(error.message ? error : Object.assign(new Error(`${called}: ${error.code ?? error.name}`), error));
      };
      let asked = Date.now();
      let isQueued = true;
      // While it waits for others, a server is silent that answers none of them.
      const giveUpInTime = () => {
        const left = (isQueued ? Math.max(asked, heard) : asked) + timeout - Date.now();
        if (left > 0) timer = setTimeout(giveUpInTime, left);
        else controller.abort(new TimedOut(`${called} did not answer within ${timeout / 1000} s`));
      };
      giveUpInTime();
      const sent = request(new URL(`${url}${path}`), { ...options, agent, method, headers, signal }, (response) => {
        const { statusCode: status = 0, headers } = response;
        const answered = Date.now();
        heard = answered;
        const bodyOf = (said: string) => (isText && status === 200 ? said : structured(said));
        const whole = text(response).then((said) => {
          const answer = { status, headers, body: bodyOf(said), asked, answered };
          if (!isText && isPage(answer)) throw new Error(`${called} answered HTTP ${status} with ${PAGE}`);
          return answer;
        });
        whole.then(resolve, failed);
      });
      // It has one of the connections, or one is being opened for it.
      sent.once("socket", () => {
        asked = Date.now();
        isQueued = false;
      });
      sent.on("error", failed).end(body);
    }).finally(() => {
      clearTimeout(timer);
      given?.removeEventListener("abort", giveUp);
    });
  }

  /** Credentials that a command or an identity provider gave may end before the work does. */
  async function renewed(refused?: Connection): Promise<Connection> {
    const used = connection;
    const isOver = refused === used ? used.isTemporary : used.credentials !== undefined && hasEnded(used.credentials);
    if (!isOver) return used;
    const fresh = await connect(used);
    // Others may have renewed it meanwhile.
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

  /** A write is repeated as a read is; `settled` tells what that may look like. */
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
    const answer = await persistently(attempt, (error) => mayPass(error, heard > 0), limits);
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

const PAGE =
  "a page that is not of the Kubernetes API: a proxy or gateway on the way answers in its place; see that requests pass it";

/**
 * Whether something else than an API server wrote it. It must not count as an empty list, or as an object that is gone.
 * An API server's own 404 is JSON, or this text where it does not know the path.
 */
function isPage({ status, body }: Pick<ApiAnswer, "status" | "body">): boolean {
  if (typeof body !== "string" || body === "") return false;
  return status === 404 ? !body.startsWith("404 page not found") : status < 300 && /^\s*</.test(body);
}

/** The client's own, where there is one, knows the way through a proxy. */
function agentFor({ options }: Connection, isPlain: boolean): HttpAgent {
  return (
    (options.agent as HttpAgent | undefined) ??
    new (isPlain ? http.Agent : Agent)({ ...options, keepAlive: true, maxSockets: CONNECTIONS })
  );
}

/** What stands between two of them may answer, too, and not in JSON. */
export function structured(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
