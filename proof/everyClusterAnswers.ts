import { inShell } from "../kube/quote.ts";
import { hostPort } from "../mesh/hostPort.ts";
import { answering } from "./answering.ts";
import { ask } from "./ask.ts";
import type { Check, CheckContext, Verdict } from "./check.ts";
import { contextOf, type Mesh } from "./mesh.ts";
import { describeTallies, type Expectation, isMet, missing, type Tally } from "./tally.ts";

/** Checks that every cluster answers the callers of every cluster under the one service name. */
export const everyClusterAnswers: Check = {
  name: "every cluster answers",
  disruptive: false,
  run: askAllClusters,
};

/** Checks that, with failover, each cluster answers its own callers and no other cluster does. */
export const ownClusterAnswers: Check = {
  name: "each cluster answers its own callers",
  disruptive: false,
  run: askAllClusters,
};

async function askAllClusters(context: CheckContext): Promise<Verdict> {
  const expected = (source: string) => answering(context, source);
  const tallies = await Promise.all(context.clusters.map((source) => ask(context, source, expected(source.name))));
  return judgeAnswers(context.mesh, tallies, expected);
}

export function judgeAnswers(
  mesh: Mesh,
  tallies: readonly Tally[],
  expected: (source: string) => Expectation,
): Verdict {
  const seen = describeTallies(tallies, expected);
  const unmet = tallies.find((tally) => !isMet(tally, expected(tally.source)));
  return unmet ? { passed: false, seen, hint: hintFor(mesh, unmet, expected(unmet.source)) } : { passed: true, seen };
}

function hintFor(mesh: Mesh, tally: Tally, expected: Expectation): string {
  const { source } = tally;
  const [absent] = missing(tally, expected).filter((cluster) => cluster !== source);
  const peer = mesh.clusters.find((cluster) => cluster.name === absent);
  const namespace = mesh.sample?.namespace;
  if (peer && tally.answered.size > 0) {
    return (
      `${source} gets no answer from ${peer.name}: check that its nodes reach ${peer.name}'s gateway, ${hostPort(peer.gatewayAddress, 15443)} ` +
      `(firewall, load balancer), and that ${source}'s istiod has synced ${peer.name}`
    );
  }
  return `check the log of the caller's proxy: kubectl --context ${inShell(contextOf(mesh, source))} -n ${namespace} logs deploy/sleep -c istio-proxy`;
}
