import { describe, expect, test } from "vitest";
import { compare, type Measurement, summaryLines } from "../../../bench/result.ts";

const rest = { busyBefore: 0.1, processor: 30, steps: { install: [], removal: [] } };
const measurements: readonly Measurement[] = [
  { round: 1, side: "istioctl", answered: 40, finished: 40, removed: 60, ...rest },
  { round: 1, side: "pulumi", answered: 18, finished: 25, unchanged: 4, again: 3, empty: 1.5, removed: 30, ...rest },
  { round: 2, side: "pulumi", answered: 22, finished: 24, unchanged: 3, again: 2, empty: 1, removed: 31, ...rest },
  { round: 2, side: "istioctl", answered: 38, finished: 38, removed: 58, ...rest },
  { round: 3, side: "istioctl", answered: 50, finished: 50, removed: 70, ...rest },
  { round: 3, side: "pulumi", answered: 20, finished: 29, unchanged: 5, again: 2.5, empty: 1.25, removed: 33, ...rest },
];

describe("a comparison", () => {
  test("compares the medians of both sides", () => {
    const { answered, finished, removed, unchanged, again } = compare(measurements);
    expect(answered).toEqual({
      istioctl: { median: 40, min: 38, max: 50, samples: [40, 38, 50] },
      pulumi: { median: 20, min: 18, max: 22, samples: [18, 22, 20] },
      ratio: 0.5,
    });
    expect([finished.ratio, removed.ratio]).toEqual([25 / 40, 31 / 60]);
    // The procedure has no run without changes, so there is no ratio.
    expect(unchanged).toEqual({ pulumi: { median: 4, min: 3, max: 5, samples: [4, 3, 5] } });
    expect(again).toEqual({
      empty: { median: 1.25, min: 1, max: 1.5, samples: [1.5, 1, 1.25] },
      pulumi: { median: 2.5, min: 2, max: 3, samples: [3, 2, 2.5] },
      ratio: 2,
    });
  });

  test("is summarised in one line per measure", () => {
    expect(summaryLines(compare(measurements))).toEqual([
      "from nothing to the first answers in every direction: istioctl 40.0 s (38.0-50.0), pulumi 20.0 s (18.0-22.0), ratio 0.50",
      "the same, and every command has ended: istioctl 40.0 s (38.0-50.0), pulumi 25.0 s (24.0-29.0), ratio 0.63",
      "from the mesh to the clusters as they were: istioctl 60.0 s (58.0-70.0), pulumi 31.0 s (30.0-33.0), ratio 0.52",
      "the first run that changes nothing: pulumi 4.0 s (3.0-5.0)",
      "the next run that changes nothing: an empty program 1.3 s (1.0-1.5), pulumi 2.5 s (2.0-3.0), ratio 2.00",
    ]);
  });

  test("throws without a measurement of Pulumi", () => {
    expect(() => compare(measurements.filter(({ side }) => side === "istioctl"))).toThrow("there is no sample");
  });
});
