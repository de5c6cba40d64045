import type { Cluster } from "../kube/cluster.ts";
import { answering, requestsPerCluster } from "./answering.ts";
import { ask } from "./ask.ts";
import type { Check, CheckContext, Verdict } from "./check.ts";
import type { Mesh } from "./mesh.ts";
import { callee } from "./sample.ts";
import { ready, runningDeployment, type Target, whileScaledToNone } from "./scaledToNone.ts";
import { describeTallies, type Expectation, isMet, type Tally } from "./tally.ts";

/** Answers to one cluster's callers. */
export interface Failover {
  readonly cluster: string;
  /** While the cluster's own reviews has zero replicas. */
  readonly down: Tally;
  /** After its replicas were restored. */
  readonly after: Tally;
}

/**
 * Scales each cluster's reviews in turn to zero replicas. The other clusters must answer its callers, and its own pods
 * must answer again afterwards.
 */
export const failover: Check = {
  name: "other clusters answer if and only if a cluster's own reviews are down",
  disruptive: true,
  begin: ({ clusters, mesh, namespace }) =>
    Promise.all(clusters.map((cluster) => runningDeployment(cluster, reviewsOf(cluster, mesh, namespace), mesh))),
  async run(context: CheckContext): Promise<Verdict> {
    const seen: Failover[] = [];
    for (const cluster of context.clusters) {
      seen.push(await failOver(context, cluster));
      const verdict = judgeFailovers(context, seen);
      // If a cluster's own reviews does not answer again, the results for the next clusters would be meaningless.
      if (!verdict.passed) return verdict;
    }
    return judgeFailovers(context, seen);
  },
};

async function failOver(context: CheckContext, cluster: Cluster): Promise<Failover> {
  const { mesh, namespace } = context;
  const target = reviewsOf(cluster, mesh, namespace);
  const down = await whileScaledToNone(cluster, target, context, () =>
    ask(context, cluster, others(context, cluster.name)),
  );
  await ready(cluster, target, context);
  const after = await ask(context, cluster, answering(context, cluster.name));
  return { cluster: cluster.name, down, after };
}

export function reviewsOf({ name }: Cluster, { sample }: Mesh, namespace: string): Target {
  return { namespace, name: `${callee}-${sample?.versions[name]}`, what: callee.toUpperCase() };
}

function others({ clusters }: CheckContext, name: string): Expectation {
  const names = clusters.map((cluster) => cluster.name).filter((other) => other !== name);
  return { clusters: names, count: names.length * requestsPerCluster, failuresAllowed: false };
}

export function judgeFailovers(context: CheckContext, failovers: readonly Failover[]): Verdict {
  const rest = (source: string) => others(context, source);
  const own = (source: string) => answering(context, source);
  for (const { cluster, down, after } of failovers) {
    if (!isMet(down, rest(cluster))) {
      return {
        passed: false,
        seen: `with the reviews of ${cluster} down, ${describeTallies([down], rest)}`,
        hint: `check that ${cluster}'s nodes reach the others' gateways, and that its DestinationRule reviews has outlierDetection`,
      };
    }
    if (!isMet(after, own(cluster))) {
      return {
        passed: false,
        seen: `with the reviews of ${cluster} back, ${describeTallies([after], own)}`,
        hint: `check that nodes and proxies of ${cluster} have the cluster's name: Istio prefers endpoints with the same topology.istio.io/cluster`,
      };
    }
  }
  const seen = failovers.map(({ cluster, down }) => `with ${cluster}'s down, ${describeTallies([down], rest)}`);
  return { passed: true, seen: `${seen.join("; ")}; its own cluster answered again afterwards` };
}
