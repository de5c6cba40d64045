// A byte stream to a port of a pod through the API server and the kubelet, like `kubectl port-forward`. The Kubernetes
// client's own implementation throws uncaught errors and ignores backpressure.
import { Duplex } from "node:stream";
import WebSocket, { type ClientOptions } from "ws";
import { readRefusal } from "../kube/refusedUpgrade.ts";

/** Channel numbers, in the first byte of every message: data of the port, and errors of the kubelet. */
const DATA = 0;
const ERROR = 1;
/** The first message of each channel contains the port number. */
const PORT_BYTES = 2;
/** Largest message that is accepted, in bytes; the kubelet's are 20 times smaller. */
const MAX_MESSAGE = 1024 * 1024;
const HANDSHAKE_TIMEOUT = 10_000;

/** Why a stream ended. */
export class PortForwardError extends Error {
  /** HTTP status if the API server refused the stream; undefined for an error of the kubelet or the connection. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/**
 * One connection to a port of a pod. Ending it closes both directions, because the protocol has no half-close. Errors
 * go to readers and writers, and are never thrown without a listener.
 */
export class PortForward extends Duplex {
  readonly #socket: WebSocket;
  /** Bytes still to be skipped, by channel. */
  readonly #skip = [PORT_BYTES, PORT_BYTES];
  /** The write that waits for the connection to open, and fails if it does not. */
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
        // If all addresses of a host fail, Node's error has a code but no message.
        this.destroy(new PortForwardError(error.message || (error.code ?? error.name))),
      )
      .on("close", (code) => {
        // 1000: normal closure by the port. 1005: the same without a code.
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

/** The message of the API server's refusal. */
function refusal(status: number, body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // The answer is not from Kubernetes.
  }
  return `HTTP ${status}`;
}
