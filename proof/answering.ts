import type { CheckContext } from "./check.ts";
import type { Expectation } from "./tally.ts";

/** Requests of one round for each cluster that should answer: with random balancing one in 2^12 rounds of two clusters misses one. */
export const requestsPerCluster = 6;

/** The clusters that answer a cluster's callers, by the sample's traffic setting, in any order, and no request fails. */
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
 * The same with one cluster left out. A request may still be under way to it: it may fail, but not be answered from there.
 * With weights its share of the requests fails as long as it is out, and slowly: one answer of each other one will do.
 */
export function answeringBut(context: CheckContext, source: string, absent: string): Expectation {
  const { clusters, count } = answering(context, source);
  const rest = clusters.filter((name) => name !== absent);
  const few = context.mesh.sample?.traffic.kind === "weights" || rest.length === 0;
  return { clusters: rest, count: few ? rest.length : count, failuresAllowed: true };
}
