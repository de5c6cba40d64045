// Tests a peer's API server as an istiod with a remote secret would use it: TLS with the peer's CA and server name,
// then a request with a token.
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { connect, type TLSSocket } from "node:tls";
import { bareHost, hostPort } from "../mesh/hostPort.ts";
import { http } from "../net/http.ts";

/** Every authenticated account may read this path, and no other (role `system:discovery`). */
const PATH = "/apis";
/** Longest excerpt of an answer in a message, in characters. */
const MAX_SAID = 300;

export interface ApiServer {
  readonly server: URL;
  /** Server name in its certificate. @default the URL's host */
  readonly tlsServerName?: string | undefined;
  /** PEM of the CA that must have issued its certificate. @default the public CAs */
  readonly ca: string | undefined;
  /** Secret. */
  readonly token: string;
}

export type Outcome =
  | { readonly kind: "answers" }
  | { readonly kind: "unknownCa"; readonly said: string }
  | { readonly kind: "wrongName"; readonly name: string; readonly names: string }
  | { readonly kind: "noTls"; readonly said: string }
  | { readonly kind: "tokenRefused"; readonly status: number; readonly said: string }
  | { readonly kind: "oddAnswer"; readonly status: number };

/** OpenSSL's codes for a chain without a trusted CA at its end. */
const UNKNOWN_CA =
  /^(UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)|(DEPTH_ZERO_)?SELF_SIGNED_CERT(_IN_CHAIN)?|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED)$/;

/** `host:port` of a URL. */
export function addressOf({ hostname, port, protocol }: URL): string {
  return hostPort(hostname, port || (protocol === "http:" ? 80 : 443));
}

/** @param stream connection to the API server. TLS starts on this machine, so no intermediary sees the token. */
export async function tryApiServer(stream: Duplex, { server, tlsServerName, ca, token }: ApiServer): Promise<Outcome> {
  const host = bareHost(server.hostname);
  const name = tlsServerName ?? host;
  let tls: TLSSocket;
  try {
    tls = await handshake(stream, name, ca);
  } catch (error) {
    return tlsFailure(error as TlsError, name);
  }
  try {
    const { status, body } = await get(tls, server, token);
    if (status === 200) return { kind: "answers" };
    if (status !== 401 && status !== 403) return { kind: "oddAnswer", status };
    return { kind: "tokenRefused", status, said: messageIn(body) };
  } finally {
    tls.destroy();
  }
}

function handshake(stream: Duplex, name: string, ca: string | undefined): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // An IP cannot be an SNI name (RFC 6066, section 3), but the certificate is still verified against it.
    const servername = isIP(name) ? {} : { servername: name };
    const tls = connect({ socket: stream, host: name, ...servername, ...(ca !== undefined && { ca }) });
    // Keep this handler after the handshake, because the socket may fail later.
    tls.on("error", reject);
    tls.on("secureConnect", () => resolve(tls));
    tls.on("close", () => reject(stream.errored ?? new Error("the connection was closed during the TLS handshake")));
  });
}

type TlsError = Error & { readonly code?: string; readonly cert?: { readonly subjectaltname?: string } };

function tlsFailure(error: TlsError, name: string): Outcome {
  // Do not report an abort, or the end of the stream, as a TLS error.
  const code = error.code ?? "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return { kind: "wrongName", name, names: error.cert?.subjectaltname ?? "" };
  }
  return { kind: UNKNOWN_CA.test(code) ? "unknownCa" : "noTls", said: error.message };
}

function get(tls: TLSSocket, server: URL, token: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const onAnswer = (response: IncomingMessage) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    };
    const path = `${server.pathname.replace(/\/$/, "")}${PATH}`;
    const headers = { host: server.host, authorization: `Bearer ${token}`, accept: "application/json" };
    http
      .request({ path, headers, createConnection: () => tls }, onAnswer)
      .on("error", reject)
      .end();
  });
}

function messageIn(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === "string") return message.slice(0, MAX_SAID);
  } catch {
    // The answer is not from Kubernetes.
  }
  return "";
}
