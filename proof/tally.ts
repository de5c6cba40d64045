import type { Answer } from "./answers.ts";

/** Answers to one caller. */
export interface Tally {
  readonly source: string;
  /** Answers by cluster since the last failed or unexpected one. */
  readonly answered: ReadonlyMap<string, number>;
  /** Requests without an answer. */
  readonly failed: number;
  /** Answers from clusters that should not answer. */
  readonly unexpected: number;
  /** The last failure or unexpected answer. */
  readonly lastTrouble?: string;
}

export interface Expectation {
  /** Clusters that must answer. No other cluster may. */
  readonly clusters: readonly string[];
  /** Number of consecutive answers required. */
  readonly count: number;
  /**
   * Whether a failed request does not reset the count. Just after a cluster was cut off, a request may still be on its
   * way to it.
   */
  readonly failuresAllowed: boolean;
}

export function emptyTally(source: string): Tally {
  return { source, answered: new Map(), failed: 0, unexpected: 0 };
}

/** Adds answers to a tally. An unexpected answer or a failure resets the count. */
export function count(
  tally: Tally,
  answers: readonly Answer[],
  clusterOf: ReadonlyMap<string, string>,
  expected: Expectation,
): Tally {
  let { answered, failed, unexpected, lastTrouble } = tally;
  for (const answer of answers) {
    if ("failure" in answer) {
      failed++;
      lastTrouble = answer.failure;
      if (!expected.failuresAllowed) answered = new Map();
      continue;
    }
    const cluster = clusterOf.get(answer.pod);
    if (cluster !== undefined && expected.clusters.includes(cluster)) {
      answered = new Map(answered).set(cluster, (answered.get(cluster) ?? 0) + 1);
    } else {
      unexpected++;
      lastTrouble =
        cluster === undefined
          ? `an answer from ${answer.pod}, which is not a pod of the mesh`
          : `an answer from ${cluster}`;
      answered = new Map();
    }
  }
  return { source: tally.source, answered, failed, unexpected, ...(lastTrouble !== undefined && { lastTrouble }) };
}

/** Clusters that have not answered. */
export function missing({ answered }: Tally, { clusters }: Expectation): readonly string[] {
  return clusters.filter((cluster) => !answered.has(cluster));
}

export function isMet(tally: Tally, expected: Expectation): boolean {
  const total = [...tally.answered.values()].reduce((sum, count) => sum + count, 0);
  return missing(tally, expected).length === 0 && total >= expected.count;
}

/** For example `from a: a 6, b 6; from b: a 5, b 7 (1 failed, last: HTTP 503)`. */
export function describeTallies(tallies: readonly Tally[], expected: (source: string) => Expectation): string {
  return tallies
    .map(({ source, answered, failed, unexpected, lastTrouble }) => {
      const counts = expected(source)
        .clusters.map((cluster) => `${cluster} ${answered.get(cluster) ?? 0}`)
        .join(", ");
      const trouble = [failed > 0 ? `${failed} failed` : "", unexpected > 0 ? `${unexpected} from elsewhere` : ""]
        .filter(Boolean)
        .join(", ");
      return `from ${source}: ${counts || "nobody"}${trouble && ` (${trouble}, last: ${lastTrouble})`}`;
    })
    .join("; ");
}
