// The options of the command line.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { MAX_CLUSTERS, MAX_SLOT } from "../lab/spec.ts";

export interface Options {
  readonly clusters: number;
  /** Number of measurements of each side. */
  readonly rounds: number;
  /** Number of the lab, so that other labs can run at the same time. */
  readonly slot: number;
  /** Folder of the results, absolute. */
  readonly output: string;
}

const MAX_ROUNDS = 100;

export const USAGE = `Usage: npm run bench [-- --clusters N] [-- --rounds R] [-- --slot S] [-- --output DIR]

Measures pulumi up against the procedure with istioctl, in a lab of its own; docs/bench.md says what each side does.

  --clusters N   number of clusters, 2 to ${MAX_CLUSTERS} (default: 2)
  --rounds R     how often each side is measured, 1 to ${MAX_ROUNDS} (default: 3)
  --slot S       number of the lab, 0 to ${MAX_SLOT} (default: 2); one that stands there is taken down
  --output DIR   folder of the results (default: .bench)`;

/** @throws Error that names the option, its value and the allowed values; undefined if help is requested */
export function parseOptions(args: readonly string[], root: string): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clusters: { type: "string", default: "2" },
      rounds: { type: "string", default: "3" },
      slot: { type: "string", default: "2" },
      output: { type: "string", default: join(root, ".bench") },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return undefined;
  return {
    clusters: wholeNumber("clusters", values.clusters, 2, MAX_CLUSTERS),
    rounds: wholeNumber("rounds", values.rounds, 1, MAX_ROUNDS),
    slot: wholeNumber("slot", values.slot, 0, MAX_SLOT),
    output: resolve(values.output),
  };
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`--${option}: "${text}" is not a whole number from ${min} to ${max}`);
}
