import type { CheckContext } from "./check.ts";
import type { Expectation } from "./tally.ts";

/**
 * Requests per round for each cluster that should answer. With two clusters and random balancing, one round in 2^12
 * misses a cluster.
 */
export const requestsPerCluster = 6;

/** The clusters that should answer a cluster's callers with the sample's traffic setting. No request may fail. */
export function answering({ clusters, mesh }: CheckContext, source: string): Expectation {
  const names = clusters.map(({ name }) => name);
  const count = names.length * requestsPerCluster;
  return { clusters: names.filter((name) => answers(mesh.sample, name, source)), count, failuresAllowed: false };
}

function answers(sample: CheckContext["mesh"]["sample"], name: string, source: string): boolean {
  switch (sample?.traffic.kind) {
    case "failover":
      return name === source;
    case "weights":
      return (sample.traffic.weights[sample.versions[name] ?? ""] ?? 0) > 0;
    default:
      return true;
  }
}

/**
 * The same, with one cluster's gateway removed. Requests that were already on their way there may fail, but must not be
 * answered. With weights, that cluster's share of the requests keeps failing slowly. Therefore one answer from each
 * other cluster is enough.
 */
export function answeringWithout(context: CheckContext, source: string, absent: string): Expectation {
  const { clusters, count } = answering(context, source);
  const rest = clusters.filter((name) => name !== absent);
  const isOneEach = context.mesh.sample?.traffic.kind === "weights" || rest.length === 0;
  return { clusters: rest, count: isOneEach ? rest.length : count, failuresAllowed: true };
}
