import * as z from "zod";
import { ROTATION_PHASES } from "../mesh/rootPhases.ts";
import { type CASettings, caSchema } from "./caSchema.ts";
import { strict } from "./fields.ts";

/** Another root for a standing mesh: what it shall be, and how far the mesh has come. */
export const rootRotationSchema = strict({
  phase: z
    .enum(ROTATION_PHASES)
    .default("prepared")
    .meta({
      description:
        "`prepared`: nothing yet. `trust`: all trust both roots. `issue`: every istiod signs by the new one. `renew`: every workload gets a certificate below it. `drop`: no istiod trusts the former one; there is no way back. After that the new settings are `csp-mesh:ca`, and this key goes. `withdraw`: on the way back, every istiod signs by the former root again. `npm run mesh -- rotate-root` writes it, and looks at the mesh before each.",
      examples: ["trust"],
    }),
  ca: caSchema.optional().meta({
    "x-default": "the settings of `ca`, where the program makes the root",
    description:
      "What `ca` becomes: all of its settings, not only those that change. `rootGeneration` is counted up by the program.",
    examples: [{ algorithm: "RSA", organization: "Example Agency" }],
  }),
});

export type RotationSettings = z.output<typeof rootRotationSchema>;

/** The settings of the new root; undefined where they must be given. */
export function nextCA(ca: CASettings, { ca: given }: Pick<RotationSettings, "ca">): CASettings | undefined {
  const next = given ?? (ca.source === "generated" ? ca : undefined);
  if (next === undefined || next.source === "intermediates") return next;
  // Another name for each of its resources, and another CN.
  return { ...next, rootGeneration: (ca.source === "intermediates" ? 1 : ca.rootGeneration) + 1 };
}
