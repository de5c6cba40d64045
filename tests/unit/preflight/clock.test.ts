import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { between, certain, clockFindings, offsetOf } from "../../../preflight/clock.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

/** An answer of a server whose clock is ahead by a number of ms. */
function answer(ahead: number, sentAt = NOW, took = 10) {
  return { sentAt, answeredAt: sentAt + took, headers: { date: new Date(sentAt + took / 2 + ahead).toUTCString() } };
}
const offset = (ahead: number) => offsetOf([answer(ahead)]) ?? { least: Number.NaN, most: Number.NaN };

describe("the offset of a clock", () => {
  test("is never overestimated, and is known to within a second plus the fastest request", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -500_000, max: 500_000 }),
        fc.array(fc.tuple(fc.nat(5_000), fc.nat(2_000)), { minLength: 1, maxLength: 20 }),
        (ahead, requests) => {
          const found = offsetOf(requests.map(([later, took]) => answer(ahead, NOW + later, took)));
          expect(found).toBeDefined();
          if (!found) return;
          expect(found.least).toBeLessThanOrEqual(ahead);
          expect(found.most).toBeGreaterThanOrEqual(ahead);
          const shortest = Math.min(...requests.map(([, took]) => took));
          expect(found.most - found.least).toBeLessThanOrEqual(1000 + shortest);
          expect(Math.abs(certain(found))).toBeLessThanOrEqual(Math.abs(ahead));
        },
      ),
    );
  });

  test("is unknown without a Date header, or after a clock was set between two answers", () => {
    expect(offsetOf([{ sentAt: 0, answeredAt: 1, headers: {} }])).toBeUndefined();
    expect(offsetOf([answer(0), answer(60_000)])).toBeUndefined();
  });

  test("between two clusters adds both uncertainties", () => {
    expect(between({ least: 0, most: 1000 }, { least: -200, most: 700 })).toEqual({ least: -700, most: 1200 });
    expect(certain(between(offset(90_000), offset(-90_000)))).toBeGreaterThan(178_000);
    expect(certain(between(offset(90_000), offset(90_500)))).toBe(0);
  });
});

describe("the findings about clocks", () => {
  const found = (...ahead: number[]) =>
    clockFindings(ahead.map((seconds, index) => ({ name: `c${index}`, offset: offset(seconds * 1000) }))).map(
      ({ id, severity, cluster, peer }) => [id, severity, cluster, ...(peer === undefined ? [] : [peer])].join(" "),
    );

  test.each([
    [
      [0, 0],
      ["clock ok c0", "clock ok c1"],
    ],
    [
      [9, -9],
      ["clock ok c0", "clock ok c1"],
    ],
    // The cluster rejects certificates from this machine as not yet valid while its clock is behind.
    [
      [0, -12],
      ["clock ok c0", "clockDiffers warning c1"],
    ],
    [
      [-130, -130],
      ["clockDiffers error c0", "clockDiffers error c1"],
    ],
    // A clock that is ahead rejects nothing.
    [
      [200, 200],
      ["clockDiffers warning c0", "clockDiffers warning c1"],
    ],
    [
      [0, 65],
      ["clock ok c0", "clockDiffers warning c1", "clockDiffers warning c0 c1"],
    ],
    [
      [0, 130],
      ["clock ok c0", "clockDiffers warning c1", "clockDiffers error c0 c1"],
    ],
  ])("with clusters at %j s from this machine are %j", (ahead, expected) => {
    expect(found(...ahead)).toEqual(expected);
  });

  test("name the direction, the least difference and the limit", () => {
    const findings = clockFindings([
      { name: "a", offset: offset(0) },
      { name: "b", offset: offset(130_000) },
    ]);
    expect(findings.at(-1)).toMatchObject({ cluster: "a", peer: "b", is: "behind", seconds: 128, bound: 120 });
    expect(findings[0]).toMatchObject({ id: "clock", accuracy: 1 });
  });
});
