import * as z from "zod";
import { chartVersion, dnsLabel, strict, text } from "./fields.ts";

/** `pulumi config set --path` turns a name such as "1" into a number. */
const clusterName = z.union([dnsLabel, z.int(), z.boolean()]).transform(String);
/** The same for any text. */
const word = z.union([text, z.int(), z.boolean()]).transform(String);

const reached = z
  .int()
  .nonnegative()
  .default(0)
  .meta({ description: "Number of states that the mesh has reached, each confirmed by its gate.", examples: [1] });

const back = z
  .literal(true)
  .optional()
  .meta({
    "x-default": "it goes forward",
    description:
      "Whether the operation goes back to its beginning. `reached` then counts the states that are not reverted yet.",
    examples: [true],
  });

const known = z
  .array(text)
  .optional()
  .meta({
    "x-default": "none",
    description: "Faults that existed before the operation and that it does not affect. Its gates ignore them.",
    examples: [["noAnswer ncloud nhn"]],
  });

/** Fields of every operation. */
const common = { reached, known, back };

const chosen = clusterName.optional().meta({
  "x-default": "all",
  description: "Argument of the command.",
  examples: ["ncloud"],
});

/** @param whose what is replaced, in words @param field field of `clusters[]` that increases with each replacement */
const generations = (whose: string, field: "tokenGeneration" | "caGeneration") =>
  z
    .array(
      strict({
        cluster: clusterName.meta({ description: `Cluster whose ${whose} is replaced.`, examples: ["ncloud"] }),
        generation: z
          .int()
          .positive()
          .meta({ description: `New value of its \`${field}\`.`, examples: [2] }),
      }),
    )
    .min(1, "is empty; remove csp-mesh:operation")
    .meta({
      description: "One state for each cluster, in this order.",
      examples: [[{ cluster: "ncloud", generation: 2 }]],
    });

const rotateTokens = strict({
  kind: z.literal("rotate-tokens").meta({ description: "Kind of operation.", examples: ["rotate-tokens"] }),
  cluster: chosen,
  tokens: generations("token", "tokenGeneration"),
  ...common,
});

const renewIntermediates = strict({
  kind: z.literal("renew-intermediates").meta({ description: "Kind of operation.", examples: ["renew-intermediates"] }),
  cluster: chosen,
  intermediates: generations("intermediate", "caGeneration"),
  ...common,
});

const remove = strict({
  kind: z.literal("remove").meta({ description: "Kind of operation.", examples: ["remove"] }),
  cluster: clusterName.meta({ description: "The cluster that leaves the mesh.", examples: ["nhn"] }),
  ...common,
});

const add = strict({
  kind: z.literal("add").meta({ description: "Kind of operation.", examples: ["add"] }),
  cluster: clusterName.meta({ description: "The cluster that joins the mesh.", examples: ["kt"] }),
  position: z
    .int()
    .nonnegative()
    .optional()
    .meta({
      "x-default": "it is in the list",
      description: "Position of its entry in `clusters`, from 0.",
      examples: [1],
    }),
  entry: strict({
    context: word.meta({ description: "Its `context`.", examples: ["kt-one"] }),
    kubeconfig: word
      .optional()
      .meta({ "x-default": "none", description: "Its `kubeconfig`, a path.", examples: ["~/.kube/kt"] }),
    csp: word.optional().meta({ "x-default": "none", description: "Its `csp`.", examples: ["kt"] }),
    network: word.optional().meta({ "x-default": "none", description: "Its `network`.", examples: ["kt-vpc1"] }),
    apiServer: word
      .optional()
      .meta({ "x-default": "none", description: "Its `apiServer`.", examples: ["https://203.0.113.7:6443"] }),
    externalAddress: word
      .optional()
      .meta({ "x-default": "none", description: "Its `gateway.externalAddress`.", examples: ["203.0.113.20"] }),
  })
    .optional()
    .meta({
      "x-default": "it is in the list",
      description: "New entry of `clusters`, without its name.",
      examples: [{ context: "kt-one" }],
    }),
  samples: z
    .array(
      strict({
        cluster: clusterName.meta({ description: "Name of the cluster.", examples: ["nhn"] }),
        version: z
          .int()
          .positive()
          .meta({ description: "New value of its `sampleVersion`.", examples: [2] }),
      }),
    )
    .optional()
    .meta({
      "x-default": "none",
      description: "Clusters whose sample's version would change with their position in the list.",
      examples: [[{ cluster: "nhn", version: 2 }]],
    }),
  ...common,
});

const rootGeneration = z
  .int()
  .positive()
  .meta({ description: "New value of `ca.rootGeneration`, if the program issues the certificates.", examples: [2] });

const rotateRoot = strict({
  kind: z.literal("rotate-root").meta({ description: "Kind of operation.", examples: ["rotate-root"] }),
  generation: rootGeneration,
  ...common,
});

const distrust = strict({
  kind: z.literal("distrust").meta({ description: "Kind of operation.", examples: ["distrust"] }),
  cluster: clusterName.meta({ description: "The cluster whose intermediate was stolen.", examples: ["nhn"] }),
  generation: rootGeneration,
  ...common,
});

const upgrade = strict({
  kind: z.literal("upgrade").meta({ description: "Kind of operation.", examples: ["upgrade"] }),
  from: chartVersion.meta({ description: "Version of Istio before.", examples: ["1.29.7"] }),
  to: chartVersion.meta({ description: "Version of Istio after.", examples: ["1.31.0"] }),
  clusters: z
    .array(clusterName)
    .min(1, "is empty; remove csp-mesh:operation")
    .meta({ description: "Clusters that are upgraded, in this order.", examples: [["ncloud", "nhn"]] }),
  restartWorkloads: z
    .boolean()
    .default(false)
    .meta({ description: "Whether workloads with older proxies are restarted.", examples: [true] }),
  ...common,
});

const operations = [add, rotateRoot, distrust, rotateTokens, renewIntermediates, remove, upgrade] as const;
const kinds = operations.map(({ shape }) => shape.kind.value).join(", ");

/** The record of an operation in `csp-mesh:operation`, from which any run can continue the operation. */
export const operationSchema = z.discriminatedUnion("kind", operations, {
  error: ({ code }) =>
    code === "invalid_union" ? `is not an operation of this version, which has ${kinds}` : undefined,
});

export type OperationRecord = z.output<typeof operationSchema>;
/** Operations that rotate the root. */
export const exchangesRoot = (kind: OperationRecord["kind"] | undefined) =>
  kind === "rotate-root" || kind === "distrust";
export type RecordOf<Kind extends OperationRecord["kind"]> = Extract<OperationRecord, { kind: Kind }>;
