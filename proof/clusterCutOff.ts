import type { Cluster } from "../kube/cluster.ts";
import { answering, answeringWithout } from "./answering.ts";
import { ask } from "./ask.ts";
import type { Check, CheckContext, Verdict } from "./check.ts";
import { gateway, ready, runningDeployment, whileScaledToNone } from "./scaledToNone.ts";
import { describeTallies, isMet, type Tally } from "./tally.ts";

/** Requests before and after one cluster's gateway was removed. */
export interface CutOff {
  readonly peer: string;
  /**
   * From every other cluster while the peer has no gateway. The peer's own calls still work, because its gateway is
   * only for incoming requests.
   */
  readonly without: readonly Tally[];
  /** From every cluster, after the gateway was restored. */
  readonly after: readonly Tally[];
}

/**
 * Scales the gateway of each cluster in turn to zero replicas. The other clusters must continue without it, and every
 * cluster must answer again afterwards.
 */
export const clusterCutOff: Check = {
  name: "a cluster that is cut off gets no requests, and gets them again afterwards",
  disruptive: true,
  begin: ({ clusters, mesh }) => Promise.all(clusters.map((cluster) => runningDeployment(cluster, gateway, mesh))),
  async run(context: CheckContext): Promise<Verdict> {
    const seen: CutOff[] = [];
    for (const peer of context.clusters) {
      seen.push(await cutOff(context, peer));
      const verdict = judgeCutOffs(context, seen);
      // If a gateway is not restored, the results for the next clusters would be meaningless.
      if (!verdict.passed) return verdict;
    }
    return judgeCutOffs(context, seen);
  },
};

async function cutOff(context: CheckContext, peer: Cluster): Promise<CutOff> {
  const others = context.clusters.filter((cluster) => cluster !== peer);
  const without = await whileScaledToNone(peer, gateway, context, () =>
    Promise.all(others.map((source) => ask(context, source, answeringWithout(context, source.name, peer.name)))),
  );
  await ready(peer, gateway, context);
  const after = await Promise.all(
    context.clusters.map((source) => ask(context, source, answering(context, source.name))),
  );
  return { peer: peer.name, without, after };
}

export function judgeCutOffs(context: CheckContext, cutOffs: readonly CutOff[]): Verdict {
  const everyone = (source: string) => answering(context, source);
  for (const { peer, without, after } of cutOffs) {
    const rest = (source: string) => answeringWithout(context, source, peer);
    if (!without.every((tally) => isMet(tally, rest(tally.source)))) {
      return {
        passed: false,
        seen: `without the gateway of ${peer}: ${describeTallies(without, rest)}`,
        hint: `only the others should answer: see who else serves ${peer}'s gateway address, and outlier detection for requests that hang`,
      };
    }
    if (!after.every((tally) => isMet(tally, everyone(tally.source)))) {
      return {
        passed: false,
        seen: `after the gateway of ${peer} came back: ${describeTallies(after, everyone)}`,
        hint: `check that the load balancer of ${peer} has found its new gateway pods`,
      };
    }
  }
  const seen = cutOffs.map(
    ({ peer, without }) =>
      `without ${peer}, ${describeTallies(without, (source) => answeringWithout(context, source, peer))}`,
  );
  return { passed: true, seen: `${seen.join("; ")}; all clusters answered again afterwards` };
}
