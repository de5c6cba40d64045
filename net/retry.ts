// The common retry rule for errors that may pass: a server is busy, restarts, or its load balancer dropped the
// connection.
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** How long a request may be repeated, and the signal that aborts it. */
export interface Limits {
  /** Largest number of tries. @default 10, as client-go */
  readonly tries?: number | undefined;
  /** Time after which no new try starts, in ms. @default 30 s */
  readonly within?: number | undefined;
  /** Aborts pauses and requests at once, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

const TRIES = 10;
const WITHIN = 30_000;
/** The first pause in ms. Each further pause is twice as long. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;
/** Longest `Retry-After` that is honoured, in ms. */
const LONGEST_ASKED = 30_000;

const STATUSES = new Set([429, 500, 502, 503, 504]);
/** Codes of connections that broke after a request may have been sent. "socket hang up" has the code ECONNRESET. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"]);
/** Codes of connections that were not opened. The request is repeated only if the server has answered before. */
const UNOPENED = new Set(["ECONNREFUSED", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code ?? "";

/** Whether a request without an answer may have reached the server. */
export const isBroken = (error: unknown): boolean => BROKEN.has(codeOf(error));

/** Whether an error may be temporary. @param hasAnswered whether the server has ever answered */
export const mayPass = (error: unknown, hasAnswered: boolean): boolean =>
  isBroken(error) || (hasAnswered && UNOPENED.has(codeOf(error)));

/** `Retry-After` in ms, capped; undefined if it is invalid or in the past. */
export function retryAfter(headers: IncomingHttpHeaders): number | undefined {
  const asked = headers["retry-after"]?.trim() ?? "";
  if (/^\d+$/.test(asked)) return Math.min(Number(asked) * 1_000, LONGEST_ASKED);
  // Compare with the server's clock if it sends its time.
  const left = Date.parse(asked) - (Date.parse(headers.date ?? "") || Date.now());
  return left > 0 ? Math.min(left, LONGEST_ASKED) : undefined;
}

/**
 * Repeats a request until the server is no longer busy, or tries or time are used up. Returns the last answer.
 *
 * @param passes whether the request may be repeated after this error
 * @throws the last error, or the signal's reason
 */
export async function persistently<Answer extends Reply>(
  ask: () => Promise<Answer>,
  passes: (error: unknown) => boolean,
  { tries = TRIES, within = WITHIN, signal }: Limits = {},
): Promise<Answer> {
  const end = Date.now() + within;
  for (let tried = 1; ; tried++) {
    signal?.throwIfAborted();
    const isLast = () => tried >= tries || Date.now() >= end;
    let wait = Math.min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE);
    try {
      const answer = await ask();
      if (!STATUSES.has(answer.status) || isLast()) return answer;
      wait = retryAfter(answer.headers) ?? wait;
    } catch (error) {
      if (!passes(error) || isLast()) throw error;
    }
    // Shorten the last pause, so that one more try starts before the end.
    await pause(Math.max(0, Math.min(wait, end - Date.now())), undefined, signal && { signal }).catch(() => {});
  }
}
