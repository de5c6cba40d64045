// A byte stream to a port of a pod, by the API server and the kubelet: it goes wherever kubectl goes. Of its own, because
// the Kubernetes client's throws where nobody catches, and knows no backpressure.
import { Duplex } from "node:stream";
import WebSocket, { type ClientOptions } from "ws";
import { readRefusal } from "../kube/refusedUpgrade.ts";

/** First byte of every message: what the port says, and what the kubelet says of the port. */
const DATA = 0;
const ERROR = 1;
/** The first message of each channel is the port's number. */
const PORT_BYTES = 2;
/** Largest message taken, in bytes; the kubelet's are a twentieth of it. */
const MAX_MESSAGE = 1024 * 1024;
const HANDSHAKE_TIMEOUT = 10_000;

/** Why a stream ended. */
export class PortForwardError extends Error {
  /** Of the API server that refused it; undefined where it was the kubelet, or the connection. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/**
 * One connection to one port of a pod. Ending it closes both ways: the protocol knows no half of a connection.
 * Whatever happens to it is told to whoever reads or writes, and never thrown where nobody listens.
 */
export class PortForward extends Duplex {
  readonly #socket: WebSocket;
  /** Bytes still to be skipped, by channel. */
  readonly #skip = [PORT_BYTES, PORT_BYTES];
  /** What is to be written once the connection is open; told where it never is. */
  #waiting: { readonly send: () => void; readonly fail: (error: Error) => void } | undefined;

  /** @param url `wss://…/api/v1/namespaces/N/pods/P/portforward?ports=15001` */
  constructor(url: URL, options: ClientOptions) {
    super({ allowHalfOpen: false });
    this.on("error", () => {});
    this.#socket = new WebSocket(url, "v4.channel.k8s.io", {
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      ...options,
      maxPayload: MAX_MESSAGE,
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    this.#socket
      .on("open", () => {
        this.#waiting?.send();
        this.#waiting = undefined;
      })
      .on("message", (data: Buffer) => this.#receive(data))
      .on("unexpected-response", (request, response) => {
        readRefusal(response, (body) => {
          this.destroy(new PortForwardError(refusal(response.statusCode ?? 0, body), response.statusCode));
          request.destroy();
        });
      })
      .on("error", (error: NodeJS.ErrnoException) =>
        // Of several addresses that all failed Node tells only a code.
        this.destroy(new PortForwardError(error.message || (error.code ?? error.name))),
      )
      .on("close", (code) => {
        // 1000: the port's end. 1005: the same without a reason.
        if (code === 1000 || code === 1005) this.#end();
        else this.destroy(new PortForwardError(`the connection to the API server broke off (${code})`));
      });
  }

  #receive(message: Buffer): void {
    const channel = message[0];
    if (channel !== DATA && channel !== ERROR) return;
    const skipped = Math.min(this.#skip[channel] ?? 0, message.length - 1);
    this.#skip[channel] = (this.#skip[channel] ?? 0) - skipped;
    const content = message.subarray(1 + skipped);
    if (content.length === 0 || this.destroyed) return;
    if (channel === ERROR) this.destroy(new PortForwardError(content.toString("utf8").trim()));
    else if (!this.push(content)) this.#socket.pause();
  }

  #end(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const send = () => this.#socket.send(Buffer.concat([Buffer.of(DATA), chunk]), { binary: true }, done);
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#waiting = { send, fail: done };
    else send();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#waiting?.fail(error ?? new PortForwardError("closed before it was open"));
    this.#waiting = undefined;
    this.#socket.terminate();
    done(error);
  }
}

/** The API server's own words. */
function refusal(status: number, body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Not Kubernetes' own answer.
  }
  return `HTTP ${status}`;
}
