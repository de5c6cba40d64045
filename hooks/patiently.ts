import { setTimeout as pause } from "node:timers/promises";
import type { ApiAnswer } from "../net/apiServer.ts";

/** Requests that an API server may ask to be made later, as many as client-go makes. */
const TRIES = 10;

/** A kind whose definition came a moment ago, or a server that is busy, answers 429 and says when to come back. */
export async function patiently(request: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  for (let tries = 1; ; tries++) {
    const answer = await request();
    if (answer.status !== 429 || tries === TRIES) return answer;
    await pause(Number(answer.headers["retry-after"] ?? 1) * 1000);
  }
}
