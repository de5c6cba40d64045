import { setTimeout as pause } from "node:timers/promises";
import type { ApiAnswer } from "./apiServer.ts";

/**
 * A kind whose definition came a moment ago, or a server that is busy, answers 429 and says when to come back.
 *
 * @param tries requests at most; client-go makes ten
 */
export async function patiently(request: () => Promise<ApiAnswer>, tries = 10): Promise<ApiAnswer> {
  for (let tried = 1; ; tried++) {
    const answer = await request();
    if (answer.status !== 429 || tried === tries) return answer;
    await pause(Number(answer.headers["retry-after"] ?? 1) * 1000);
  }
}
