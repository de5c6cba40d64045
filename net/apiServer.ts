// An API server, asked without the Kubernetes client: loading that takes longer than an unchanged mesh may take.
import { readFileSync } from "node:fs";
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { proxyFor } from "./proxy.ts";

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
  /** Longest wait for the whole answer, in ms. @default 30 s */
  readonly timeout?: number;
}

export interface ApiServer {
  /** Its URL, as the kubeconfig has it. */
  readonly url: string;
  /** @throws Error where there is no answer */
  get(path: string, options?: AskOptions): Promise<ApiAnswer>;
  /** @throws Error where there is no answer */
  post(path: string, body: object, options?: AskOptions): Promise<ApiAnswer>;
}

const JSON_TYPE = "application/json";
const KINDS = { list: "PartialObjectMetadataList", object: "PartialObjectMetadata" };
/** At once to one server: more cost more to open than they save. */
const CONNECTIONS = 4;

/** @param kubeconfig path, or the text itself, which has more than one line. */
export async function apiServer(kubeconfig: string, context: string): Promise<ApiServer> {
  const { url, options } = await connectionOf(kubeconfig, context);
  const isPlain = url.startsWith("http:");
  // The client's own agent, where there is one, knows the way through a proxy.
  const agent =
    (options.agent as Agent | undefined) ??
    new (isPlain ? HttpAgent : Agent)({ ...options, keepAlive: true, maxSockets: CONNECTIONS });
  const request = isPlain ? httpRequest : httpsRequest;

  function ask(method: string, path: string, { metadata, timeout = 30_000 }: AskOptions, content?: object) {
    const body = content && JSON.stringify(content);
    const headers = {
      ...(options.headers as Record<string, string> | undefined),
      accept: metadata ? `${JSON_TYPE};as=${KINDS[metadata]};g=meta.k8s.io;v=v1,${JSON_TYPE}` : JSON_TYPE,
      ...(body !== undefined && { "content-type": JSON_TYPE, "content-length": Buffer.byteLength(body) }),
    };
    const signal = AbortSignal.timeout(timeout);
    return new Promise<ApiAnswer>((resolve, reject) => {
      const failed = (error: Error) =>
        reject(signal.aborted ? new Error(`${url} did not answer within ${timeout / 1000} s`) : error);
      const asked = Date.now();
      request(new URL(path, url), { ...options, agent, method, headers, signal }, (response) => {
        const { statusCode: status = 0, headers } = response;
        const answered = Date.now();
        const whole = text(response).then((said) => ({ status, headers, body: structured(said), asked, answered }));
        whole.then(resolve, failed);
      })
        .on("error", failed)
        .end(body);
    });
  }

  return {
    url,
    get: (path, settings = {}) => ask("GET", path, settings),
    post: (path, body, settings = {}) => ask("POST", path, settings, body),
  };
}

/** What stands between two of them may answer, too, and not in JSON. */
function structured(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

interface Entry {
  readonly name: string;
  readonly cluster?: Readonly<Record<string, string>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly context?: { readonly cluster: string; readonly user: string };
}
type Kubeconfig = Readonly<Record<"clusters" | "users" | "contexts", readonly Entry[]>>;

/** Keys of a user's entry that need no help of the client's: certificates or a token, in the file itself. */
const PLAIN = new Set(["client-certificate-data", "client-key-data", "token"]);

/** Where an API server is, and what `node:https` needs to be let in. */
export interface Connection {
  readonly url: string;
  readonly options: Record<string, unknown>;
}

/** @param kubeconfig path, or the text itself, which has more than one line. */
export async function connectionOf(kubeconfig: string, context: string): Promise<Connection> {
  return plainOptions(kubeconfig, context) ?? (await clientsOptions(kubeconfig, context));
}

function plainOptions(kubeconfig: string, context: string): Connection | undefined {
  const source = kubeconfig.includes("\n") ? kubeconfig : readFileSync(kubeconfig, "utf8");
  const { clusters, users, contexts }: Kubeconfig = parse(source);
  const chosen = contexts.find(({ name }) => name === context)?.context;
  const cluster = clusters.find(({ name }) => name === chosen?.cluster)?.cluster;
  const user = users.find(({ name }) => name === chosen?.user)?.user as Readonly<Record<string, string>> | undefined;
  const isPlain = user !== undefined && Object.keys(user).every((key) => PLAIN.has(key));
  if (!isPlain || Object.keys(cluster ?? {}).some((key) => key !== "server" && key !== "certificate-authority-data")) {
    return undefined;
  }
  const url = cluster?.server ?? "";
  if (proxyFor(new URL(url)) !== undefined) return undefined;
  const decoded = (value: string | undefined) => value && Buffer.from(value, "base64");
  return {
    url,
    options: {
      ca: decoded(cluster?.["certificate-authority-data"]),
      cert: decoded(user["client-certificate-data"]),
      key: decoded(user["client-key-data"]),
      ...(user.token && { headers: { authorization: `Bearer ${user.token}` } }),
    },
  };
}

/** Commands that fetch tokens, proxies and all else that a kubeconfig may ask for. */
async function clientsOptions(kubeconfig: string, context: string): Promise<Connection> {
  const { clusterOf } = await import("../hooks/hook.ts");
  const cluster = clusterOf(kubeconfig, context);
  const options = {};
  await cluster.applyToHTTPSOptions(options);
  return { url: cluster.getCurrentCluster()?.server ?? "", options };
}
