import { randomBytes } from "node:crypto";
import type { Cluster } from "../kube/cluster.ts";
import { until } from "../kube/until.ts";
import { type LoggedRequest, lastUri, loggedRequests } from "./accessLog.ts";
import { answering } from "./answering.ts";
import { ask, userAgent } from "./ask.ts";
import type { Check, CheckContext, Verdict } from "./check.ts";
import { accounts, callee, caller, readyPods, sidecar } from "./sample.ts";
import { describeTallies, isMet } from "./tally.ts";

/** Log entries of a cluster's sidecars about the requests of one caller. */
export interface Direction {
  readonly from: string;
  readonly to: string;
  readonly logged: readonly LoggedRequest[];
  /** Requests of all callers in the same logs. */
  readonly all: number;
}

/**
 * Checks that the answering sidecar saw the caller's SPIFFE identity, in the certificate and in the forwarded header,
 * for requests between all clusters.
 */
export const callerIdentity: Check = {
  name: "the caller's identity arrives",
  disruptive: false,
  async run(context: CheckContext): Promise<Verdict> {
    const { clusters, deadlines, signal, namespace } = context;
    const started = Date.now();
    const run = randomBytes(4).toString("hex");
    const agentOf = (cluster: string) => `${userAgent}/${run}-${cluster}`;

    const expected = (source: string) => answering(context, source);
    const tallies = await Promise.all(
      clusters.map((source) => ask(context, source, expected(source.name), agentOf(source.name))),
    );
    if (!tallies.every((tally) => isMet(tally, expected(tally.source)))) {
      return { passed: false, seen: describeTallies(tallies, expected), hint: "every cluster must answer first" };
    }
    const look = async () => {
      const logs = new Map(
        await Promise.all(clusters.map(async (to) => [to.name, await sidecarLogs(to, namespace, started)] as const)),
      );
      return clusters.flatMap(({ name: from }) =>
        expected(from).clusters.map((to): Direction => {
          const requests = loggedRequests(logs.get(to) ?? "");
          const logged = requests.filter(({ agent }) => agent === agentOf(from));
          return { from, to, logged, all: requests.length };
        }),
      );
    };
    const directions = await until(
      async () => {
        const seen = await look();
        // A sidecar that has just received its configuration again logs only later requests.
        const missed = new Set(seen.filter((direction) => answeredIn(direction).length === 0).map(({ from }) => from));
        const again = clusters.filter(({ name }) => missed.has(name));
        await Promise.all(again.map((source) => ask(context, source, expected(source.name), agentOf(source.name))));
        return seen;
      },
      (seen) => judgeIdentity(seen, namespace).passed,
      { deadline: deadlines.accessLog, interval: 1_000, signal },
    );
    return judgeIdentity(directions, namespace);
  },
};

async function sidecarLogs(cluster: Cluster, namespace: string, since: number): Promise<string> {
  const seconds = Math.ceil((Date.now() - since) / 1000) + 5;
  const pods = await readyPods(cluster, namespace, callee);
  return (await Promise.all(pods.map((pod) => cluster.logs(pod, sidecar, seconds)))).join("\n");
}

const answeredIn = ({ logged }: Direction) => logged.filter(({ code }) => code === 200);

export function judgeIdentity(directions: readonly Direction[], namespace: string): Verdict {
  const wanted = new RegExp(`^spiffe://[^/]+/ns/${namespace}/sa/${accounts[caller]}$`);
  const seen = new Set<string>();
  for (const direction of directions) {
    const { from, to, all } = direction;
    const answered = answeredIn(direction);
    if (answered.length === 0) {
      return {
        passed: false,
        seen: `${to}'s ${callee} logged ${all} requests, none of them an answered one of ${from}`,
        hint: `the sample's access log must be enabled (Telemetry in namespace ${namespace}), and ${from} must reach ${to}`,
      };
    }
    for (const { peer, xfcc } of answered) {
      if (!wanted.test(peer)) return wrong(from, to, `the certificate of ${quote(peer)}`, namespace);
      if (lastUri(xfcc) !== peer)
        return wrong(from, to, `${quote(peer)}, but X-Forwarded-Client-Cert ${quote(xfcc)}`, namespace);
      seen.add(peer);
    }
  }
  if (seen.size > 1) {
    return {
      passed: false,
      seen: `more than one trust domain: ${[...seen].join(", ")}`,
      hint: "meshConfig.trustDomain must be the same in every cluster",
    };
  }
  return { passed: true, seen: `${[...seen].join("")} in ${directions.length} of ${directions.length} directions` };
}

function wrong(from: string, to: string, what: string, namespace: string): Verdict {
  return {
    passed: false,
    seen: `of a request of ${from}, ${to} saw ${what}`,
    hint: `wanted spiffe://<trust domain>/ns/${namespace}/sa/${accounts[caller]}: check that both pods have a sidecar and mTLS is STRICT`,
  };
}

function quote(value: string): string {
  return value === "" ? "nobody" : JSON.stringify(value);
}
