// Sends requests continuously while the mesh is being replaced.

import type { Cluster } from "../../kube/cluster.ts";
import { waitFor } from "../../lab/wait.ts";
import { ANSWERED, type Answer, parseAnswers } from "../../proof/answers.ts";
import { calleeUrl, readyPods } from "../../proof/sample.ts";

export interface Requests {
  /** Waits until these versions have answered, from now on. */
  hear(...versions: string[]): Promise<void>;
  /** The next answers. */
  next(): Promise<readonly Answer[]>;
  /** Records the current time under a name. */
  mark(name: string): void;
  /** @returns all answers */
  stop(): Promise<readonly Answer[]>;
  /** Counts of requests and failures, and the times of later marks after the first. */
  report(): string;
}

/** Requests of one command, and at most so many in a second. */
const [COUNT, RATE] = [40, 12];

/**
 * Each request has a connection of its own. A single curl sends all of them, because a process for each request would
 * take a quarter of a small machine's processor time.
 */
const command = [
  ...["curl", "--silent", "--show-error", "--max-time", "5", "--rate", `${RATE}/s`, "--header", "Connection: close"],
  ...["--user-agent", "csp-mesh-test", "--write-out", `\\n%{http_code} ${ANSWERED} %{exitcode}\\n`],
  `${calleeUrl("sample")}?[1-${COUNT}]`,
];

/**
 * Asks, from a cluster's sample, a name that both clusters have, one request after the other, until it is stopped.
 *
 * @param from namespace of another `sleep` that asks instead
 */
export function askOn(cluster: Cluster, from = "sample"): Requests {
  const rounds: (readonly Answer[])[] = [];
  const marks: { name: string; at: number }[] = [];
  let stopped = false;
  const asking = (async () => {
    while (!stopped) {
      const [pod] = await readyPods(cluster, from, "sleep");
      const { stdout } = await cluster.exec(pod, "sleep", command, { timeout: 300_000 });
      rounds.push(parseAnswers(stdout).map(dated));
    }
  })();
  asking.catch(() => undefined);
  const next = async () => {
    const count = rounds.length;
    // The current round began before this call, so wait for another one.
    await waitFor("answers", 120_000, async () => rounds.length > count + 1 || "none yet");
    return rounds.at(-1) ?? [];
  };
  return {
    next,
    async hear(...versions) {
      const from = rounds.length;
      await waitFor(`answers of ${versions.join(" and ")}`, 120_000, async () => {
        await Promise.race([asking, next()]);
        const heard = new Set(rounds.slice(from).flat().map(versionOf));
        return versions.every((version) => heard.has(version)) || [...heard].join(", ");
      });
    },
    mark(name) {
      marks.push({ name, at: performance.now() });
    },
    async stop() {
      stopped = true;
      await asking;
      return rounds.flat();
    },
    report() {
      const failed = rounds.flat().filter((answer) => "failure" in answer).length;
      const times = marks.map(({ name, at }) => `${name} at ${((at - (marks[0]?.at ?? at)) / 1_000).toFixed(1)} s`);
      return `${rounds.flat().length} requests, ${failed} failed; ${times.join(", ")}`;
    },
  };
}

/** With the time, by which a failure is found in logs. */
const dated = (answer: Answer): Answer =>
  "failure" in answer ? { ...answer, failure: `${new Date().toISOString()}: ${answer.failure}` } : answer;

/** `v1`, or why there was no answer. */
export function versionOf(answer: Answer): string {
  return "pod" in answer ? (/^reviews-(v\d)-/.exec(answer.pod)?.[1] ?? answer.pod) : answer.failure;
}
