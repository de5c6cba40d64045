// Tests which clusters answer the sample. This depends on every other part of the mesh.
import type { Cluster, Pod } from "../kube/cluster.ts";
import { parseAnswers, requestCommand } from "../proof/answers.ts";
import { calleeUrl, caller, clustersByPod } from "../proof/sample.ts";
import type { SampleAnswers } from "./facts.ts";
import { ANSWERS_WITHIN } from "./limits.ts";

/** Longest wait for one answer of the sample, in ms. */
const SAMPLE_ANSWERS_WITHIN = 1_000;
/** Largest number of rounds of requests. */
const ROUNDS = 3;
/** User-Agent that identifies these requests in access logs. */
const AGENT = "csp-mesh-status";

export interface Sample {
  readonly namespace: string;
  /** Clusters that should answer, by calling cluster. */
  readonly expected: (from: string) => readonly string[];
}

/** Sends requests from each cluster that has a ready caller. @throws the signal's reason */
export async function askSample(
  clusters: readonly Cluster[],
  { namespace, expected }: Sample,
  signal?: AbortSignal,
): Promise<SampleAnswers[]> {
  const clusterOf = clustersByPod({ clusters, namespace });
  const answers = clusters.map(async (source): Promise<SampleAnswers | undefined> => {
    const wanted = expected(source.name);
    try {
      const pod = (await source.pods(namespace, `app=${caller}`)).find(({ ready }) => ready);
      return pod && (await askFrom(source, pod, wanted, await clusterOf, calleeUrl(namespace), signal));
    } catch (error) {
      signal?.throwIfAborted();
      return {
        from: source.name,
        expected: wanted,
        answered: new Map(),
        requests: 0,
        lastFailure: (error as Error).message,
      };
    }
  });
  return (await Promise.all(answers)).filter((facts) => facts !== undefined);
}

/**
 * Sends rounds of concurrent requests until all expected clusters have answered, a request has failed, or the rounds
 * are used up.
 */
async function askFrom(
  source: Cluster,
  pod: Pod,
  expected: readonly string[],
  clusterOf: ReadonlyMap<string, string>,
  url: string,
  signal: AbortSignal | undefined,
): Promise<SampleAnswers> {
  const loop = { url, count: 4 * expected.length, timeout: SAMPLE_ANSWERS_WITHIN, userAgent: AGENT, atOnce: true };
  const answered = new Map<string, number>();
  let requests = 0;
  let lastFailure = "";
  for (let round = 0; round < ROUNDS && lastFailure === "" && expected.some((name) => !answered.has(name)); round++) {
    const { stdout } = await source.exec(pod, caller, requestCommand(loop), { timeout: ANSWERS_WITHIN, signal });
    for (const answer of parseAnswers(stdout)) {
      requests++;
      if ("failure" in answer) lastFailure = answer.failure;
      else {
        const name = clusterOf.get(answer.pod) ?? "";
        answered.set(name, (answered.get(name) ?? 0) + 1);
      }
    }
  }
  return { from: source.name, expected, answered, requests, lastFailure };
}
