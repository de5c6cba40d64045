import * as z from "zod";
import { strict } from "./fields.ts";
import { resources } from "./workloadFields.ts";

/** `preflight`: settings of the checks before anything is created. */
export const preflightSchema = strict({
  enabled: z
    .boolean()
    .default(true)
    .meta({
      description:
        "Whether `pulumi preview` and `pulumi up` first check every cluster for problems that would keep the mesh from working, and stop if they find any. The checks change nothing.",
      examples: [false],
    }),
  probe: z
    .boolean()
    .default(true)
    .meta({
      description:
        "Whether `pulumi up` starts a short-lived pod in each cluster of a new mesh that connects to the other clusters' API servers, before it creates anything else.",
      examples: [false],
    }),
  probeResources: resources("none")
    .optional()
    .meta({
      "x-default": "10m and 64Mi requested, 256Mi at most",
      description:
        "Requests and limits of the probe's pod, all of them, for clusters with minimums or maximums for pods.",
      examples: [{ requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "100m", memory: "256Mi" } }],
    }),
});
