import * as z from "zod";
import { strict } from "./fields.ts";
import { quote } from "./problems.ts";

/** Number of a version's requests in a hundred. */
const percent = z.int().min(0).max(100);

const weights = z
  .record(z.string().regex(/^v[1-9]\d*$/, "must have versions such as v1 for its keys"), percent, {
    error: ({ input }) => `must be a table of versions, got ${quote(input)}`,
  })
  .refine((shares) => total(shares) === 100, {
    error: ({ input }) => `must sum up to 100, got ${total(input as Record<string, number>)}`,
  });

function total(shares: Readonly<Record<string, number>>): number {
  return Object.values(shares).reduce((sum, share) => sum + share, 0);
}

/**
 * Who answers a request to the sample's `reviews`. One setting or the other: outlier detection, and with it failover, does
 * not cross the subsets that weights need.
 */
export const trafficSchema = z
  .discriminatedUnion(
    "kind",
    [
      strict({
        /** Istio's own balancing: every cluster takes its part. */
        kind: z.literal("none").meta({
          description: "Istio's own balancing: every cluster takes its part",
          examples: ["none"],
        }),
      }),
      strict({
        kind: z.literal("weights").meta({ description: "By version of reviews", examples: ["weights"] }),
        /** Percentage of requests by version, from whatever cluster. Sums up to 100; a version that is left out gets none. */
        weights: weights.meta({
          description: "Percentage of requests by version of reviews; sums up to 100",
          examples: [{ v1: 30, v2: 70 }],
        }),
      }),
      strict({
        /** The caller's own cluster answers; the others do when it cannot. */
        kind: z.literal("failover").meta({
          description: "The caller's own cluster answers; the others do when it cannot",
          examples: ["failover"],
        }),
        /** How often a request that failed is tried again. Default: 3, of which all but the first may leave the cluster. */
        retries: z
          .int()
          .min(0)
          .max(10)
          .default(3)
          .meta({
            description: "How often a request that failed is tried again; fewer than 2 never leave the cluster",
            examples: [3],
          }),
        /** How long a pod or a gateway that failed twice in a row is left alone, in seconds. Default: 10. */
        ejectSeconds: z
          .int()
          .positive()
          .default(10)
          .meta({
            description: "How long a pod or a gateway that failed twice in a row is left alone, in seconds",
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
      "Who answers a request to the sample's reviews: any cluster, versions by weight, or the caller's own cluster first",
    examples: [{ kind: "weights", weights: { v1: 30, v2: 70 } }, { kind: "failover" }],
  });

export type Traffic = z.output<typeof trafficSchema>;

/**
 * Says which versions have a weight but no cluster.
 * @param versions those that the mesh has.
 */
export function unknownVersions(traffic: Traffic, versions: readonly string[]): string[] {
  if (traffic.kind !== "weights") return [];
  return Object.keys(traffic.weights).filter((version) => !versions.includes(version));
}
