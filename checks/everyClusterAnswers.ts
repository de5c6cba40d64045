import { ask, everyone } from "./ask.ts";
import type { Check, CheckContext, Verdict } from "./check.ts";
import type { Mesh } from "./mesh.ts";
import { describeTallies, type Expectation, isMet, missing, type Tally } from "./tally.ts";

/** From the caller of each cluster the one service name is answered by every cluster. */
export const everyClusterAnswers: Check = {
  name: "every cluster answers",
  disruptive: false,
  async run(context: CheckContext): Promise<Verdict> {
    const expected = everyone(context);
    const tallies = await Promise.all(context.clusters.map((source) => ask(context, source, expected)));
    return judgeAnswers(context.mesh, tallies, expected);
  },
};

export function judgeAnswers(mesh: Mesh, tallies: readonly Tally[], expected: Expectation): Verdict {
  const seen = describeTallies(tallies, expected);
  const unmet = tallies.find((tally) => !isMet(tally, expected));
  return unmet ? { passed: false, seen, hint: hintFor(mesh, unmet, expected) } : { passed: true, seen };
}

function hintFor(mesh: Mesh, tally: Tally, expected: Expectation): string {
  const { source } = tally;
  const [absent] = missing(tally, expected).filter((cluster) => cluster !== source);
  const peer = mesh.clusters.find((cluster) => cluster.name === absent);
  const namespace = mesh.sample?.namespace;
  if (peer && tally.answered.size > 0) {
    return (
      `${source} gets no answer from ${peer.name}: see that its nodes reach ${peer.name}'s gateway, ${peer.gatewayAddress}:15443 ` +
      `(firewall, load balancer), and that ${source}'s istiod has synced ${peer.name}`
    );
  }
  return `look at what the caller's proxy says: kubectl --context ${contextOf(mesh, source)} -n ${namespace} logs deploy/sleep -c istio-proxy`;
}

function contextOf(mesh: Mesh, name: string): string {
  return mesh.clusters.find((cluster) => cluster.name === name)?.context ?? name;
}
