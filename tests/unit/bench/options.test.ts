import { describe, expect, test } from "vitest";
import { parseOptions } from "../../../bench/options.ts";

const parse = (...args: string[]) => parseOptions(args, "/project");

describe("the command line of the benchmark", () => {
  test("defaults to two clusters and three rounds", () => {
    expect(parse()).toEqual({ clusters: 2, rounds: 3, slot: 2, output: "/project/.bench" });
  });

  test("accepts each option", () => {
    expect(parse("--clusters", "4", "--rounds", "5", "--slot", "0", "--output", "/results")).toEqual({
      clusters: 4,
      rounds: 5,
      slot: 0,
      output: "/results",
    });
  });

  test("returns no options for --help and -h", () => {
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
  ])("rejects %j", (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  test("rejects unknown options and arguments", () => {
    expect(() => parse("--cluster", "2")).toThrow("Unknown option '--cluster'");
    expect(() => parse("2")).toThrow("Unexpected argument '2'");
  });
});
