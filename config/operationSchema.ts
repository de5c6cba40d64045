import * as z from "zod";
import { dnsLabel, strict } from "./fields.ts";

/** `pulumi config set --path` makes a number of a name such as "1". */
const clusterName = z.union([dnsLabel, z.int(), z.boolean()]).transform(String);

const reached = z
  .int()
  .nonnegative()
  .default(0)
  .meta({ description: "How many of its states the mesh has reached, each seen at its gate.", examples: [1] });

const rotateTokens = strict({
  kind: z.literal("rotate-tokens").meta({ description: "What is done.", examples: ["rotate-tokens"] }),
  cluster: clusterName.optional().meta({
    "x-default": "all",
    description: "The cluster that was named.",
    examples: ["ncloud"],
  }),
  tokens: z
    .array(
      strict({
        cluster: clusterName.meta({ description: "Whose token is exchanged.", examples: ["ncloud"] }),
        generation: z
          .int()
          .positive()
          .meta({ description: "What its `tokenGeneration` becomes.", examples: [2] }),
      }),
    )
    .min(1, "is empty; remove csp-mesh:operation")
    .meta({
      description: "One state for each cluster, in this order.",
      examples: [[{ cluster: "ncloud", generation: 2 }]],
    }),
  reached,
});

const remove = strict({
  kind: z.literal("remove").meta({ description: "What is done.", examples: ["remove"] }),
  cluster: clusterName.meta({ description: "The cluster that leaves the mesh.", examples: ["nhn"] }),
  reached,
});

/** What `csp-mesh:operation` records of an operation, so that anybody can go on with it. */
export const operationSchema = z.discriminatedUnion("kind", [rotateTokens, remove], {
  error: (issue) =>
    issue.code === "invalid_union" ? "is no operation of this version; it knows rotate-tokens, remove" : undefined,
});

export type OperationRecord = z.output<typeof operationSchema>;
export type RecordOf<Kind extends OperationRecord["kind"]> = Extract<OperationRecord, { kind: Kind }>;
