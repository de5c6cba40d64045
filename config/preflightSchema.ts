import * as z from "zod";
import { strict } from "./fields.ts";

/** `preflight`: what is looked at before anything is made. */
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
});
