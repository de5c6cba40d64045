import * as z from "zod";

/** On which nodes pods may run, as inputs of a kind; both are left out where they are empty, so that older states show no difference. */
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
