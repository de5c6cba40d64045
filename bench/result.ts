// What a run found out, for programs and for people.
import { ratio, type Summary, summarise } from "./statistics.ts";

export const SIDES = ["istioctl", "pulumi"] as const;
export type SideName = (typeof SIDES)[number];

/** What a time of the program is compared with: the procedure, or `pulumi up` of a program that has the same providers and nothing else. */
export const BASELINES = ["istioctl", "empty"] as const;
type Baseline = (typeof BASELINES)[number];

/** A part of what a side does. */
export interface Step {
  readonly name: string;
  readonly seconds: number;
}

/** One side in one round, in seconds. */
export interface Measurement {
  readonly round: number;
  readonly side: SideName;
  /** Share of the processors' time, 0 to 1, that was used before it began: what is not near 0 is somebody else's. */
  readonly busyBefore: number;
  /** From nothing until the caller of every cluster had an answer from every other cluster. */
  readonly answered: number;
  /** The same, and until the last command had ended as well. */
  readonly finished: number;
  /** Processor time that the whole machine spent until then; the rest of `finished` times its processors went by waiting. */
  readonly processor: number;
  /** A second `pulumi up`, preview included, that changes nothing: for it the API servers put all definitions together anew. */
  readonly unchanged?: number;
  /** A third one, which is as all later ones. */
  readonly again?: number;
  /** The same of an empty program with the same Kubernetes providers. */
  readonly empty?: number;
  /** From the mesh to the clusters as they were. */
  readonly removed: number;
  /** Its commands one after the other, where it has more than one. */
  readonly steps: { readonly install: readonly Step[]; readonly removal: readonly Step[] };
}

/** The program's time, and the one that it is compared with, where there is one. */
export interface Comparison extends Partial<Record<Baseline, Summary>> {
  readonly pulumi: Summary;
  /** The program's median by that of the other. */
  readonly ratio?: number;
}

/** By what was measured: fields of {@link Measurement}. */
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

/** A line for each comparison: medians, in brackets the least and the most. */
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
