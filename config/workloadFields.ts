import * as z from "zod";
import { quantity as amountOf } from "../mesh/quantity.ts";
import { strict, text } from "./fields.ts";
import { quote } from "./problems.ts";

/** A Kubernetes quantity. A plain number, such as `cpu: 2` in YAML, is also one. */
const quantity = z
  .union([z.number().positive(), text])
  .transform(String)
  .refine((value) => /^\d+(\.\d+)?(m|[kMGTPE]i?)?$/.test(value), {
    error: ({ input }) => `${quote(input)} is not a Kubernetes quantity, such as 100m, 2, 128Mi or 1Gi`,
  });

const amounts = (missing: string) =>
  strict({
    cpu: quantity
      .exactOptional()
      .meta({ "x-default": missing, description: "Cores; `100m` is a tenth of one.", examples: ["100m", "2"] }),
    memory: quantity.exactOptional().meta({
      "x-default": missing,
      description: "Bytes, with a suffix as in Kubernetes.",
      examples: ["128Mi", "1Gi"],
    }),
  });

/**
 * Requests and limits of a container.
 *
 * @param missing description of the default for a missing part
 * @param requested default requests
 */
export const resources = (missing: string, requested: Readonly<Record<string, string>> = {}) =>
  strict({
    requests: amounts(missing)
      .exactOptional()
      .meta({
        "x-default": missing,
        description:
          "CPU and memory that must be free on a pod's node. Autoscalers measure CPU in percent of the request.",
        examples: [{ cpu: "100m", memory: "128Mi" }],
      }),
    limits: amounts(missing)
      .exactOptional()
      .meta({
        "x-default": missing,
        description: "Most that the container may use.",
        examples: [{ cpu: "2", memory: "1Gi" }],
      }),
  }).check(({ value: { requests, limits = {} }, issues }) => {
    const asked: Readonly<Record<string, string>> = { ...requested, ...requests };
    for (const [name, limit] of Object.entries(limits)) {
      const request = asked[name];
      if (request === undefined || amountOf(request) <= amountOf(limit)) continue;
      const message = `got ${quote(limit)}, less than the ${request} requested; raise it, or lower requests.${name}`;
      issues.push({ code: "custom", path: ["limits", name], input: limit, message });
    }
  });

/** Limits of a HorizontalPodAutoscaler; each is optional. */
export const autoscaling = strict({
  min: z
    .int()
    .positive()
    .optional()
    .meta({ "x-default": "1", description: "Fewest pods.", examples: [2] }),
  max: z
    .int()
    .positive()
    .optional()
    .meta({ "x-default": "5", description: "Most pods.", examples: [10] }),
  targetCPU: z
    .int()
    .positive()
    .optional()
    .meta({
      "x-default": "80",
      description: "Mean CPU aimed at, in percent of what the pods request.",
      examples: [60],
    }),
});
