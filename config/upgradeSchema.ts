import * as z from "zod";
import { SERVED } from "../mesh/nextIstiod.ts";
import { chartVersion, strict } from "./fields.ts";

/** Istio of one cluster, if it differs from the others during `npm run mesh -- upgrade`. */
export const clusterIstioSchema = strict({
  version: chartVersion.optional().meta({
    "x-default": "`istio.version`",
    description: "Version of this cluster's istiod, and of the proxies that it gives to new pods.",
    examples: ["1.31.0"],
  }),
  next: strict({
    version: chartVersion.meta({ description: "Its version.", examples: ["1.31.0"] }),
    serves: z
      .enum(SERVED)
      .default("nothing")
      .meta({
        description:
          "Workloads that use it: `sample`, or `gateways`, which means the sample and the gateways. Namespaces and pods with the label `istio.io/rev: next` always use it.",
        examples: ["sample", "gateways"],
      }),
  })
    .optional()
    .meta({
      "x-default": "none",
      description: "A second istiod beside the first, of revision `next`.",
      examples: [{ version: "1.31.0", serves: "sample" }],
    }),
});

export type ClusterIstioSettings = z.output<typeof clusterIstioSchema>;
