import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ratio, summarise } from "../../../bench/statistics.ts";

const times = fc.array(fc.double({ min: 0.001, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 20 });

describe("summarise", () => {
  test.each([
    [[7], 7],
    [[30, 10, 20], 20],
    [[4, 1, 3, 2], 2.5],
    // Sorted as numbers, not as strings.
    [[9, 10, 100], 10],
  ])("takes the median of %j as %d", (samples, median) => {
    expect(summarise(samples)).toEqual({ median, min: Math.min(...samples), max: Math.max(...samples), samples });
  });

  test("puts at most half of the samples above the median and at most half below, in any order", () => {
    fc.assert(
      fc.property(times, (samples) => {
        const { median, min, max } = summarise(samples);
        const above = samples.filter((sample) => sample > median).length;
        const below = samples.filter((sample) => sample < median).length;
        expect(Math.max(above, below)).toBeLessThanOrEqual(samples.length / 2);
        expect(min <= median && median <= max).toBe(true);
        expect(summarise(samples.toReversed()).median).toBe(median);
      }),
    );
  });

  test("does not reorder the input", () => {
    const samples = [3, 1, 2];
    summarise(samples);
    expect(samples).toEqual([3, 1, 2]);
  });

  test("rejects an empty list", () => {
    expect(() => summarise([])).toThrow("there is no sample to summarise");
  });
});

test("a ratio compares the medians", () => {
  expect(ratio(summarise([10, 15, 100]), summarise([20, 1, 30]))).toBe(0.75);
});
