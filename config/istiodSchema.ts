import * as z from "zod";
import { istiodRequests } from "../mesh/istiodOptions.ts";
import { strict } from "./fields.ts";
import { autoscaling, resources } from "./workloadFields.ts";

/** `istiod`: number and resources, the same in every cluster. */
export const istiodSchema = strict({
  /** A fixed number of istiods. @default none: `autoscaling` applies @example 2 */
  replicas: z
    .int()
    .positive()
    .optional()
    .meta({
      "x-default": "none, `autoscaling` holds",
      description:
        "Fixed number of istiods instead of an autoscaler. With two or more, one keeps running while a node is drained.",
      examples: [2],
    }),
  /** Limits for the number of istiods. @default min 1, max 5, targetCPU 80, as in Istio's chart @example { min: 2 } */
  autoscaling: autoscaling.optional().meta({
    "x-default": "1 to 5 at 80 % CPU",
    description: "Bounds of the number of istiods, which follows their CPU. Needs metrics-server.",
    examples: [{ min: 2, max: 4 }],
  }),
  /** Requests and limits of an istiod. @default the chart's @example { requests: { cpu: 200m, memory: 512Mi } } */
  resources: resources("Istio's chart's", istiodRequests)
    .optional()
    .meta({
      "x-default": "Istio's chart's",
      description:
        "Requests and limits of an istiod, instead of the chart's 500m and 2Gi requested. Istio's figures: 1 core and " +
        "1.5 GB for 1,000 services and 2,000 sidecars; each further cluster adds about 1 % of a core and 180 MB.",
      examples: [{ requests: { cpu: "200m", memory: "512Mi" } }],
    }),
}).refine(({ replicas, autoscaling }) => replicas === undefined || autoscaling === undefined, {
  error: "replicas and autoscaling exclude each other; remove one",
});

export type IstiodSettings = z.output<typeof istiodSchema>;
