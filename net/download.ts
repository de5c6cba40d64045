// HTTPS downloads with a login, an additional CA, and the proxy from the environment.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { proxyFor } from "./proxy.ts";
import { isBroken, persistently } from "./retry.ts";

/** Login and CA for downloads from a server. */
export interface Access {
  readonly login?: { readonly username: string; readonly password: string } | undefined;
  /** PEM of CAs that are trusted in addition to the machine's own. */
  readonly ca?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const MOST_REDIRECTS = 5;
/** Longest wait for a whole answer, including redirects and repeated requests, in ms. */
const TIMEOUT = 60_000;
/** Tries while the server is busy or drops the connection. Fewer than for an API server, because a preview waits for it. */
const TRIES = 5;
const MIB = 2 ** 20;
/** Largest body, in bytes. Istio's charts have about 100 kB, the Gateway API's CRDs 1 MB. */
const MOST_BYTES = 20 * MIB;

export function basic({ login }: Access): string | undefined {
  return login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Sends a GET and follows redirects. `authorization` is sent to the first server only. Repeats the request while a
 * server is busy or drops the connection.
 *
 * @throws Error with the cause if there is no answer, or a too large one
 */
export async function get(url: URL, access: Access, headers: Headers = {}): Promise<Answer> {
  const signal = AbortSignal.timeout(TIMEOUT);
  const passes = (error: unknown) => isBroken(error) || isBroken((error as Error).cause);
  return persistently(() => followed(url, access, headers, signal), passes, { tries: TRIES, signal });
}

async function followed(url: URL, { ca }: Access, headers: Headers, signal: AbortSignal): Promise<Answer> {
  let [from, sent] = [url, headers];
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await once(from, trust(ca), sent, signal);
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer;
    const next = new URL(location, from);
    if (next.origin !== from.origin) {
      const { authorization: _, ...rest } = sent;
      sent = rest;
    }
    from = next;
  }
  throw new Error(`more than ${MOST_REDIRECTS} redirects`);
}

/**
 * Downloads a body; any status other than success is an error.
 *
 * @throws Error that names the URL, the answer and the remedy
 */
export async function download(url: string, access: Access, why: string): Promise<Buffer> {
  const authorization = basic(access);
  const answer = await get(new URL(url), access, authorization ? { authorization } : {}).catch((error: Error) => {
    throw new Error(`${url} cannot be read (${error.message}); ${why}`);
  });
  if (answer.status !== 200) throw new Error(`${url} cannot be read (HTTP ${answer.status}); ${why}`);
  return answer.body;
}

const trusts = new Map<string, SecureContext>();

/**
 * A TLS context that trusts the machine's CAs, Node's own and the given ones. Cached, because it parses hundreds of
 * certificates.
 */
function trust(ca = ""): SecureContext {
  const known = trusts.get(ca);
  if (known) return known;
  const all = new Set([...getCACertificates("default"), ...getCACertificates("system"), ...(ca === "" ? [] : [ca])]);
  const context = createSecureContext({ ca: [...all] });
  trusts.set(ca, context);
  return context;
}

async function bounded(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    // The error also closes the connection.
    if (size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES / MIB} MiB, the limit for downloads`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function once(url: URL, secureContext: SecureContext, headers: Headers, signal: AbortSignal): Promise<Answer> {
  if (url.protocol !== "https:") return Promise.reject(new Error(`${url.protocol}// is not encrypted`));
  const proxy = proxyFor(url);
  const agent = new Agent({ secureContext, ...(proxy !== undefined && { proxyEnv: { HTTPS_PROXY: proxy } }) });
  return new Promise<Answer>((resolve, reject) => {
    request(url, { agent, headers, signal }, (response) => {
      const { statusCode: status = 0, headers } = response;
      bounded(response).then((body) => resolve({ status, headers, body }), reject);
    })
      // Drop Node's advice about CAs: the config has a field for the CA.
      .on("error", (error) => reject(new Error(error.message.replace(/; if the root CA .*/, ""), { cause: error })))
      .end();
  }).finally(() => agent.destroy());
}
