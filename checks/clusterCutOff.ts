import { ask, everyone } from "./ask.ts";
import type { Check, CheckContext, Verdict } from "./check.ts";
import type { Cluster } from "./cluster.ts";
import { gatewayReady, withoutGateway } from "./gateway.ts";
import { describeTallies, type Expectation, isMet, type Tally } from "./tally.ts";

/** What was seen around one cluster's cutting off. */
export interface CutOff {
  readonly peer: string;
  /** From every other cluster, while the peer has no gateway. The peer itself may still call: its gateway only lets others in. */
  readonly without: readonly Tally[];
  /** From every cluster, with the gateway back. */
  readonly after: readonly Tally[];
}

/** With the gateway of each cluster in turn at no replicas, the others go on without it; afterwards everyone answers again. */
export const clusterCutOff: Check = {
  name: "a cluster that is cut off is left out, then taken back",
  disruptive: true,
  async run(context: CheckContext): Promise<Verdict> {
    const seen: CutOff[] = [];
    for (const peer of context.clusters) {
      seen.push(await cutOff(context, peer));
      const verdict = judgeCutOffs(context, seen);
      // One that is still not taken back would only blur what the next ones show.
      if (!verdict.passed) return verdict;
    }
    return judgeCutOffs(context, seen);
  },
};

async function cutOff(context: CheckContext, peer: Cluster): Promise<CutOff> {
  const kubeContext = context.mesh.clusters.find(({ name }) => name === peer.name)?.context ?? peer.name;
  const expected = everyoneBut(context, peer.name);
  const without = await withoutGateway(peer, kubeContext, context, () =>
    Promise.all(context.clusters.filter((cluster) => cluster !== peer).map((source) => ask(context, source, expected))),
  );
  await gatewayReady(peer, context);
  const after = await Promise.all(context.clusters.map((source) => ask(context, source, everyone(context))));
  return { peer: peer.name, without, after };
}

/** A request may still be under way to the peer, or wait for a load balancer that swallows it: it may fail, but not be answered from there. */
function everyoneBut(context: CheckContext, peer: string): Expectation {
  const { clusters, count } = everyone(context);
  return { clusters: clusters.filter((name) => name !== peer), count, failuresAllowed: true };
}

export function judgeCutOffs(context: CheckContext, cutOffs: readonly CutOff[]): Verdict {
  for (const { peer, without, after } of cutOffs) {
    const rest = everyoneBut(context, peer);
    if (!without.every((tally) => isMet(tally, rest))) {
      return {
        passed: false,
        seen: `without the gateway of ${peer}: ${describeTallies(without, rest)}`,
        hint: `only the others should answer: see who else serves ${peer}'s gateway address, and outlier detection for requests that hang`,
      };
    }
    if (!after.every((tally) => isMet(tally, everyone(context)))) {
      return {
        passed: false,
        seen: `after the gateway of ${peer} came back: ${describeTallies(after, everyone(context))}`,
        hint: `see that the load balancer of ${peer} has found its new gateway pods`,
      };
    }
  }
  const seen = cutOffs.map(
    ({ peer, without }) => `without ${peer}, ${describeTallies(without, everyoneBut(context, peer))}`,
  );
  return { passed: true, seen: `${seen.join("; ")}; each time everyone again afterwards` };
}
