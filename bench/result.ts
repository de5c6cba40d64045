// Results of a benchmark, for programs and for people.
import { ratio, type Summary, summarise } from "./statistics.ts";

export const SIDES = ["istioctl", "pulumi"] as const;
export type SideName = (typeof SIDES)[number];

/**
 * The baselines for the program's times: the procedure, or `pulumi up` of a program with the same providers and nothing
 * else.
 */
export const BASELINES = ["istioctl", "empty"] as const;
type Baseline = (typeof BASELINES)[number];

/** One step of a side's installation or removal. */
export interface Step {
  readonly name: string;
  readonly seconds: number;
}

/** One side in one round, in seconds. */
export interface Measurement {
  readonly round: number;
  readonly side: SideName;
  /**
   * Busy share of the processors before the start, 0 to 1. It should be near 0; otherwise other programs were running.
   */
  readonly busyBefore: number;
  /** Time until the callers of every cluster have got an answer from every other cluster. */
  readonly answered: number;
  /** The same, but also until the last command has ended. */
  readonly finished: number;
  /**
   * Processor time of the whole machine until `finished`. The rest of `finished` times the number of processors was
   * spent waiting.
   */
  readonly processor: number;
  /**
   * A second `pulumi up` without changes, including the preview. In this run, the API servers generate all API
   * definitions again.
   */
  readonly unchanged?: number;
  /** A third one, which is representative of all later ones. */
  readonly again?: number;
  /** The same for an empty program with the same Kubernetes providers. */
  readonly empty?: number;
  /** Time to return from the mesh to the original clusters. */
  readonly removed: number;
  /** Its commands in order, if it has more than one. */
  readonly steps: { readonly install: readonly Step[]; readonly removal: readonly Step[] };
}

/** The program's time and, if there is one, the baseline's. */
export interface Comparison extends Partial<Record<Baseline, Summary>> {
  readonly pulumi: Summary;
  /** The program's median divided by the baseline's. */
  readonly ratio?: number;
}

/** Comparisons by field of {@link Measurement}. */
export type Comparisons = Readonly<Record<(typeof MEASURES)[number], Comparison>>;

export const MEASURES = ["answered", "finished", "removed", "unchanged", "again"] as const;

export const TITLES: Readonly<Record<(typeof MEASURES)[number], string>> = {
  answered: "from nothing to the first answers in every direction",
  finished: "the same, and every command has ended",
  removed: "from the mesh to the clusters as they were",
  unchanged: "the first run that changes nothing",
  again: "the next run that changes nothing",
};

export function compare(measurements: readonly Measurement[]): Comparisons {
  const times = (side: SideName, measure: (typeof MEASURES)[number] | "empty") =>
    measurements.filter((one) => one.side === side).flatMap((one) => one[measure] ?? []);
  const comparison = (measure: (typeof MEASURES)[number]): Comparison => {
    const pulumi = summarise(times("pulumi", measure));
    const baselines = {
      istioctl: times("istioctl", measure),
      empty: measure === "again" ? times("pulumi", "empty") : [],
    };
    const name = BASELINES.find((name) => baselines[name].length > 0);
    if (name === undefined) return { pulumi };
    const other = summarise(baselines[name]);
    return { [name]: other, pulumi, ratio: ratio(pulumi, other) };
  };
  return Object.fromEntries(MEASURES.map((measure) => [measure, comparison(measure)])) as Comparisons;
}

/** A line for each comparison: medians, with minimum and maximum in brackets. */
export function summaryLines(comparisons: Comparisons): string[] {
  const side = (name: string, summary: Summary | undefined) =>
    summary && `${name} ${summary.median.toFixed(1)} s (${summary.min.toFixed(1)}-${summary.max.toFixed(1)})`;
  return MEASURES.map((measure) => {
    const { istioctl, empty, pulumi, ratio } = comparisons[measure];
    const parts = [
      side("istioctl", istioctl),
      side("an empty program", empty),
      side("pulumi", pulumi),
      ratio && `ratio ${ratio.toFixed(2)}`,
    ];
    return `${TITLES[measure]}: ${parts.filter(Boolean).join(", ")}`;
  });
}
