// The one rule for requests that may be answered otherwise in a moment: the API server is busy, restarts, or sits behind a load
// balancer that dropped the connection.
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** How long a request may be tried, and what ends it. */
export interface Limits {
  /** Requests at most. @default 10, as client-go */
  readonly tries?: number | undefined;
  /** Time after which no further try begins, in ms. @default 30 s */
  readonly within?: number | undefined;
  /** Ends pauses and requests at once, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

const TRIES = 10;
const WITHIN = 30_000;
/** The first pause in ms; each is twice the one before. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;
/** Most that a server may ask for by `Retry-After`, in ms. */
const LONGEST_ASKED = 30_000;

const STATUSES = new Set([429, 500, 502, 503, 504]);
/** Codes of connections that broke after a request may have been sent. "socket hang up" is one of ECONNRESET. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"]);
/** Codes of connections that never came about: worth another try where the server has answered before. */
const UNOPENED = new Set(["ECONNREFUSED", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code ?? "";

/** Whether a request may have reached the server, although its answer did not come. */
export const isBroken = (error: unknown): boolean => BROKEN.has(codeOf(error));

/** Whether such an error may pass. @param hasAnswered whether the server ever did */
export const mayPass = (error: unknown, hasAnswered: boolean): boolean =>
  isBroken(error) || (hasAnswered && UNOPENED.has(codeOf(error)));

/** What `Retry-After` asks for, in ms, capped; undefined where it says nothing of use, or names a time that is over. */
export function retryAfter(headers: IncomingHttpHeaders): number | undefined {
  const asked = headers["retry-after"]?.trim() ?? "";
  if (/^\d+$/.test(asked)) return Math.min(Number(asked) * 1_000, LONGEST_ASKED);
  // By the server's clock, where it tells its time.
  const left = Date.parse(asked) - (Date.parse(headers.date ?? "") || Date.now());
  return left > 0 ? Math.min(left, LONGEST_ASKED) : undefined;
}

/**
 * Asks until the answer is none of a busy server, or tries or time are over; returns the last answer.
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
    // A pause ends with the time, for one last try.
    await pause(Math.max(0, Math.min(wait, end - Date.now())), undefined, signal && { signal }).catch(() => {});
  }
}
