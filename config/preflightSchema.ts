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
        "Whether `pulumi preview` and `pulumi up` first look at every cluster for what would keep the mesh from working, and stop there if they find it. Nothing is changed for that.",
      examples: [false],
    }),
  probe: z
    .boolean()
    .default(true)
    .meta({
      description:
        "Whether `pulumi up`, before it makes anything of the mesh in them, has a short-lived pod in each new mesh's clusters try the other clusters' API servers.",
      examples: [false],
    }),
  probeResources: resources("none")
    .optional()
    .meta({
      "x-default": "10m and 64Mi requested, 256Mi at most",
      description:
        "Requests and limits of the probe's pod, all of them, for clusters that ask more of each pod, or less.",
      examples: [{ requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "100m", memory: "256Mi" } }],
    }),
});
