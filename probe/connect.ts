// Opens a tunnel through an HTTP proxy with CONNECT, on any stream.
import type { Duplex } from "node:stream";

/** Longest answer of a proxy, in bytes. */
const MAX_ANSWER = 16 * 1024;

/** The proxy answered with a status other than 2xx. */
export class ConnectRefused extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`the proxy answers ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** The stream ended or failed before the proxy answered. */
export class NoAnswer extends Error {}

/**
 * Requests a tunnel to `target` from the proxy at the other end of the stream. Afterwards the stream is connected to
 * the target.
 *
 * @param target `host:port`
 * @param login `user:password`
 * @throws ConnectRefused, NoAnswer, or the error that destroyed the stream
 */
export async function connectThrough(stream: Duplex, target: string, login?: string): Promise<void> {
  const authorization =
    login === undefined ? "" : `Proxy-Authorization: Basic ${Buffer.from(login).toString("base64")}\r\n`;
  stream.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`);
  const { status, body } = await answerOn(stream);
  if (status < 200 || status >= 300) throw new ConnectRefused(status, body);
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Reads one answer and leaves the following bytes on the stream. */
function answerOn(stream: Duplex): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const settle = (act: () => void) => {
      stream.off("readable", onReadable).off("error", onError).off("end", onEnd).off("close", onEnd);
      act();
    };
    // Use "readable" instead of "data": after "data" and a pause, the stream would stay paused for its next reader.
    const onReadable = () => {
      for (let part: Buffer | null = stream.read(); part !== null; part = stream.read()) {
        seen = Buffer.concat([seen, part]);
      }
      const answer = answerIn(seen, false);
      if (answer === undefined && seen.length <= MAX_ANSWER) return;
      settle(() => {
        if (answer === undefined) return reject(new NoAnswer("what answers is no HTTP proxy"));
        const rest = seen.subarray(answer.length);
        if (rest.length > 0) stream.unshift(rest);
        resolve(answer);
      });
    };
    const onError = (error: Error) => settle(() => reject(error));
    const onEnd = () =>
      settle(() => {
        const answer = answerIn(seen, true);
        if (answer) resolve(answer);
        else reject(stream.errored ?? new NoAnswer("it was closed without an answer"));
      });
    if (stream.destroyed) return onEnd();
    stream.on("readable", onReadable).on("error", onError).on("end", onEnd).on("close", onEnd);
  });
}

/** @param ended whether the stream has ended */
function answerIn(seen: Buffer, ended: boolean): (Answer & { readonly length: number }) | undefined {
  const end = seen.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = seen.subarray(0, end).toString("latin1");
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  // An answer that opens a tunnel has no body, even with a content-length (RFC 9110, section 9.3.6).
  const isOpen = status >= 200 && status < 300;
  const contentLength = /^content-length: *(\d+) *$/im.exec(head)?.[1];
  const length = end + 4 + (isOpen ? 0 : Number(contentLength ?? 0));
  if (!isOpen && !ended && (contentLength === undefined || seen.length < length)) return undefined;
  const body = isOpen ? "" : seen.subarray(end + 4, contentLength === undefined ? undefined : length).toString("utf8");
  return { status, body, length: Math.min(length, seen.length) };
}
