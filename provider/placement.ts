import * as z from "zod";

/**
 * Node selector and tolerations for pods, as inputs of a kind. Both are omitted if empty, so that states of former
 * releases show no difference.
 */
export const placement = z.strictObject({
  nodeSelector: z.record(z.string(), z.string()).exactOptional(),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string().exactOptional(),
        operator: z.enum(["Exists", "Equal"]).exactOptional(),
        value: z.string().exactOptional(),
        effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).exactOptional(),
      }),
    )
    .exactOptional(),
});
