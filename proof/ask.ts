import type { Cluster } from "../kube/cluster.ts";
import { until } from "../kube/until.ts";
import { type Answer, parseAnswers, requestCommand } from "./answers.ts";
import type { CheckContext } from "./check.ts";
import { calleeUrl, caller, clustersByPod, readyPods } from "./sample.ts";
import { count, type Expectation, emptyTally, isMet, type Tally } from "./tally.ts";

export const userAgent = "csp-mesh-proof";

/**
 * Sends rounds of requests to the sample from a cluster, until the expectation is met or the deadline is over.
 * @returns the tally in both cases
 */
export async function ask(
  context: CheckContext,
  source: Cluster,
  expected: Expectation,
  agent = userAgent,
): Promise<Tally> {
  const { deadlines, signal } = context;
  const clusterOf = await clustersByPod(context);
  let tally = emptyTally(source.name);
  return until(
    async () => {
      tally = count(tally, await askOnce(context, source, expected.count, agent), clusterOf, expected);
      return tally;
    },
    (seen) => isMet(seen, expected),
    { deadline: deadlines.answers, signal },
  );
}

/** Sends one round of requests, in one exec, from a cluster's first ready caller. */
async function askOnce(
  { namespace, deadlines, signal }: CheckContext,
  source: Cluster,
  requests: number,
  agent: string,
): Promise<readonly Answer[]> {
  const [pod] = await readyPods(source, namespace, caller);
  const command = requestCommand({
    url: calleeUrl(namespace),
    count: requests,
    timeout: deadlines.request,
    userAgent: agent,
  });
  // If all requests time out, one after the other takes longest. The exec must not end before.
  const timeout = requests * deadlines.request + 10_000;
  const { stdout, stderr, exitCode } = await source.exec(pod, caller, command, { timeout, signal });
  const answers = parseAnswers(stdout);
  if (answers.length === requests) return answers;
  throw new Error(
    `cluster ${source.name}: ${requests} requests from ${pod.namespace}/${pod.name} gave ${answers.length} outcomes ` +
      `(exit code ${exitCode}): ${stderr.trim().split("\n").at(-1)}`,
  );
}
