import type { AskOptions } from "../kube/apiServer.ts";

/** Longest wait for any later answer of an API server, in ms. */
export const ANSWERS_WITHIN = 8_000;

export const LIMITS: AskOptions = { timeout: ANSWERS_WITHIN, within: ANSWERS_WITHIN, tries: 2 };
