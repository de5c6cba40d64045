import { expect, test } from "vitest";
import { binomialBounds } from "../binomial.ts";

test("returns the bounds of 1,000 requests at 30 % and 70 %", () => {
  expect(binomialBounds(1_000, 0.7, 1e-6)).toEqual({ least: 628, most: 769 });
  expect(binomialBounds(1_000, 0.3, 1e-6)).toEqual({ least: 231, most: 372 });
});

test("includes the extremes of ten coin tosses, with a probability of 1/1024 each, only if alpha requires it", () => {
  expect(binomialBounds(10, 0.5, 2 / 1024 - 1e-9)).toEqual({ least: 0, most: 10 });
  expect(binomialBounds(10, 0.5, 2 / 1024 + 1e-9)).toEqual({ least: 1, most: 9 });
});
