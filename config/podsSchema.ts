import * as z from "zod";
import { labelKey, labelValue, strict, text } from "./fields.ts";

const toleration = strict({
  key: labelKey.exactOptional().meta({
    "x-default": "every taint",
    description: "The taint's key; without it, every taint.",
    examples: ["dedicated"],
  }),
  operator: z
    .enum(["Exists", "Equal"])
    .exactOptional()
    .meta({
      "x-default": "Equal",
      description: "How `value` is compared.",
      examples: ["Exists"],
    }),
  value: text.exactOptional().meta({ "x-default": "none", description: "The taint's value.", examples: ["gateways"] }),
  effect: z
    .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .exactOptional()
    .meta({
      "x-default": "every effect",
      description: "The taint's effect; without it, every effect.",
      examples: ["NoSchedule"],
    }),
}).superRefine(({ key, operator = "Equal", value }, context) => {
  // The API server's rules (apis/core/validation, ValidateTolerations).
  const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (key === undefined && operator !== "Exists")
    issue("operator", 'must be "Exists" without a key: the toleration is then for every taint');
  if (operator === "Exists" && value !== undefined)
    issue("value", 'must not be set with operator "Exists", which matches every value; remove it');
});

/** @param whose descriptions of the default values */
export const placementFields = (whose: { readonly nodes: string; readonly taints: string }) => ({
  /** Labels of the nodes that the pods may run on. */
  nodeSelector: z
    .record(labelKey, labelValue)
    .optional()
    .meta({
      "x-default": whose.nodes,
      description: `Labels of the nodes that the pods may run on; without it, ${whose.nodes}.`,
      examples: [{ "node-role": "gateway" }],
    }),
  /** Taints that the pods tolerate. */
  tolerations: z
    .array(toleration)
    .optional()
    .meta({
      "x-default": whose.taints,
      description: `Taints of nodes that the pods tolerate; without it, ${whose.taints}.`,
      examples: [[{ key: "dedicated", operator: "Exists" }]],
    }),
});

/** `pods`: node selector and tolerations of the program's pods in every cluster. */
export const podsSchema = strict(placementFields({ nodes: "any node", taints: "none" }));

/** `clusters[].pods`: overrides the mesh's `pods`, field by field. */
export const clusterPodsSchema = strict(
  placementFields({ nodes: "`pods.nodeSelector`", taints: "`pods.tolerations`" }),
);

export type PodsSettings = z.output<typeof podsSchema>;
