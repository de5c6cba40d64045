import { describe, expect, test } from "vitest";
import { parseOptions } from "../../../bench/options.ts";

const parse = (...args: string[]) => parseOptions(args, "/project");

describe("the command line of the benchmark", () => {
  test("measures two clusters three times unless told otherwise", () => {
    expect(parse()).toEqual({ clusters: 2, rounds: 3, slot: 2, output: "/project/.bench" });
  });

  test("takes each option", () => {
    expect(parse("--clusters", "4", "--rounds", "5", "--slot", "0", "--output", "/results")).toEqual({
      clusters: 4,
      rounds: 5,
      slot: 0,
      output: "/results",
    });
  });

  test("shows its usage", () => {
    expect(parse("--help")).toBeUndefined();
    expect(parse("-h", "--clusters", "9")).toBeUndefined();
  });

  test.each([
    [["--clusters", "1"], '--clusters: "1" is not a whole number from 2 to 6'],
    [["--clusters", "7"], '--clusters: "7" is not a whole number from 2 to 6'],
    [["--clusters", "2.5"], '--clusters: "2.5" is not a whole number from 2 to 6'],
    [["--rounds", "0"], '--rounds: "0" is not a whole number from 1 to 100'],
    [["--rounds", ""], '--rounds: "" is not a whole number from 1 to 100'],
    [["--slot", "x"], '--slot: "x" is not a whole number from 0 to 9'],
    [["--slot", "10"], '--slot: "10" is not a whole number from 0 to 9'],
  ])("refuses %s", (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  test("refuses what it does not know", () => {
    expect(() => parse("--cluster", "2")).toThrow("Unknown option '--cluster'");
    expect(() => parse("2")).toThrow("Unexpected argument '2'");
  });
});
