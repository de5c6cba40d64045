// The moment that both sides are measured by: every cluster's caller had an answer from every other cluster.
import { parseAnswers, requestCommand } from "../checks/answers.ts";
import type { Cluster } from "../checks/cluster.ts";
import { calleeUrl, caller, clustersByPod, readyPods } from "../checks/sample.ts";
import { until } from "../checks/until.ts";

export interface Asked {
  readonly clusters: readonly Cluster[];
  /** Of the sample. */
  readonly namespace: string;
  /** Longest wait, in ms. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** Longest time for one request, in ms: while the way is being made some hang. */
const REQUEST = 1_000;

/** @throws Error that names the directions without an answer */
export async function firstAnswers(asked: Asked): Promise<void> {
  const missing = await Promise.all(asked.clusters.map((source) => directionsLeft(asked, source)));
  if (missing.flat().length > 0) {
    throw new Error(`no answer within ${asked.deadline / 1_000} s: ${missing.flat().join(", ")}`);
  }
}

async function directionsLeft({ clusters, namespace, deadline, signal }: Asked, source: Cluster): Promise<string[]> {
  const silent = new Set(clusters.map(({ name }) => name).filter((name) => name !== source.name));
  const count = 2 * clusters.length;
  const command = requestCommand({ url: calleeUrl(namespace), count, timeout: REQUEST, userAgent: "csp-mesh-bench" });
  // A look that fails, as before there is a caller, leaves all as it was.
  await until(
    async () => {
      const [pod] = await readyPods(source, namespace, caller);
      const { stdout } = await source.exec(pod, caller, command, { timeout: count * REQUEST + 10_000, signal });
      const clusterOf = await clustersByPod({ clusters, namespace });
      for (const answer of parseAnswers(stdout)) if ("pod" in answer) silent.delete(clusterOf.get(answer.pod) ?? "");
    },
    () => silent.size === 0,
    { deadline, interval: 100, signal },
  );
  return [...silent].map((peer) => `${source.name} to ${peer}`);
}
