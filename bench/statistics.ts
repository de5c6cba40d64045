// Median and spread of a few measured times.

/** All in seconds. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** In the order of measurement. */
  readonly samples: readonly number[];
}

/** @throws Error if there is no sample */
export function summarise(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error("there is no sample to summarise");
  const upper = sorted[Math.floor(sorted.length / 2)] ?? max;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? min;
  return { median: (lower + upper) / 2, min, max, samples };
}

/** Ratio of two medians. */
export function ratio(of: Summary, to: Summary): number {
  return of.median / to.median;
}
