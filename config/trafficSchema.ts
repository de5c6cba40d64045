import * as z from "zod";
import { strict } from "./fields.ts";
import { quote } from "./problems.ts";

/** Percentage of the requests for a version. */
const percent = z.int().min(0).max(100);

const weights = z
  .record(z.string().regex(/^v[1-9]\d*$/, "must have versions such as v1 for its keys"), percent, {
    error: ({ input }) => `must be a table of versions, got ${quote(input)}`,
  })
  .refine((shares) => total(shares) === 100, {
    error: ({ input }) => `must add up to 100, got ${total(input as Record<string, number>)}`,
  });

function total(shares: Readonly<Record<string, number>>): number {
  return Object.values(shares).reduce((sum, share) => sum + share, 0);
}

/**
 * Determines which clusters answer requests to the sample's `reviews`. Weights and failover exclude each other, because
 * outlier detection, on which failover depends, does not work across the subsets that weights need.
 */
export const trafficSchema = z
  .discriminatedUnion(
    "kind",
    [
      strict({
        /** Istio's default load balancing over all clusters. */
        kind: z.literal("none").meta({
          description: "Istio's default: requests are distributed over all clusters",
          examples: ["none"],
        }),
      }),
      strict({
        kind: z.literal("weights").meta({
          description: "Requests are distributed to the versions of `reviews` by `weights`",
          examples: ["weights"],
        }),
        /**
         * Percentage of requests by version, from all clusters. The sum must be 100; a version that is left out gets
         * none.
         */
        weights: weights.meta({
          description:
            "Percentage of the requests that each version of `reviews` gets. The percentages must add up to 100; a version that is not listed gets none",
          examples: [{ v1: 30, v2: 70 }],
        }),
      }),
      strict({
        /** The caller's own cluster answers. The others answer only if it cannot. */
        kind: z.literal("failover").meta({
          description: "The cluster of the caller answers. Other clusters answer only while it cannot",
          examples: ["failover"],
        }),
        /** Number of retries of a failed request. Default: 3, of which all but the first may go to another cluster. */
        retries: z
          .int()
          .min(0)
          .max(10)
          .default(3)
          .meta({
            description:
              "Number of retries of a failed request. The first retry stays in the cluster of the caller, so set at least 2 to reach another cluster",
            examples: [3],
          }),
        /** How long a pod or gateway that failed twice in a row gets no requests, in seconds. Default: 10. */
        ejectSeconds: z
          .int()
          .positive()
          .default(10)
          .meta({
            description: "Seconds for which a pod or gateway gets no requests after two failures in a row",
            examples: [10],
          }),
      }),
    ],
    {
      error: ({ code, input }) =>
        code === "invalid_union"
          ? `must be one of "none", "weights", "failover", got ${quote((input as { kind?: unknown }).kind)}`
          : undefined,
    },
  )
  .default({ kind: "none" })
  .meta({
    description:
      "Clusters that answer requests to the sample's `reviews`: any cluster, versions by weight, or the caller's own cluster first",
    examples: [{ kind: "weights", weights: { v1: 30, v2: 70 } }, { kind: "failover" }],
  });

export type Traffic = z.output<typeof trafficSchema>;

/**
 * Problems for versions that have a weight but no cluster.
 * @param versions versions in the mesh
 */
export function unknownVersions(traffic: Traffic, versions: readonly string[]): string[] {
  if (traffic.kind !== "weights") return [];
  return Object.keys(traffic.weights).filter((version) => !versions.includes(version));
}
