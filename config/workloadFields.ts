import * as z from "zod";
import { strict, text } from "./fields.ts";
import { quote } from "./problems.ts";

/** A Kubernetes quantity; a plain number, such as `cpu: 2` in YAML, is one too. */
const quantity = z
  .union([z.number().positive(), text])
  .transform(String)
  .refine((value) => /^\d+(\.\d+)?(m|[kMGTPE]i?)?$/.test(value), {
    error: ({ input }) => `${quote(input)} is not a Kubernetes quantity, such as 100m, 2, 128Mi or 1Gi`,
  });

const amounts = strict({
  cpu: quantity
    .exactOptional()
    .meta({ "x-default": "Istio's chart's", description: "Cores; `100m` is a tenth of one.", examples: ["100m", "2"] }),
  memory: quantity.exactOptional().meta({
    "x-default": "Istio's chart's",
    description: "Bytes, with a suffix as in Kubernetes.",
    examples: ["128Mi", "1Gi"],
  }),
});

/** Requests and limits of a container. */
export const resources = strict({
  requests: amounts.exactOptional().meta({
    "x-default": "Istio's chart's",
    description: "What a node must have free. An autoscaler measures CPU in percent of it.",
    examples: [{ cpu: "100m", memory: "128Mi" }],
  }),
  limits: amounts.exactOptional().meta({
    "x-default": "Istio's chart's",
    description: "What the container may use at most.",
    examples: [{ cpu: "2", memory: "1Gi" }],
  }),
});

/** Bounds of a HorizontalPodAutoscaler; each may be left to its default. */
export const autoscaling = strict({
  min: z
    .int()
    .positive()
    .optional()
    .meta({ "x-default": "1", description: "Fewest pods. Default: 1.", examples: [2] }),
  max: z
    .int()
    .positive()
    .optional()
    .meta({ "x-default": "5", description: "Most pods. Default: 5.", examples: [10] }),
  targetCPU: z
    .int()
    .positive()
    .optional()
    .meta({
      "x-default": "80",
      description: "Mean CPU aimed at, in percent of what the pods request. Default: 80.",
      examples: [60],
    }),
});
