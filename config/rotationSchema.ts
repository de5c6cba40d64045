import * as z from "zod";
import { ROTATION_PHASES } from "../mesh/rootPhases.ts";
import { type CASettings, caSchema } from "./caSchema.ts";
import { strict } from "./fields.ts";

/** A new root for an existing mesh: its settings, and the phase of the rotation. */
export const rootRotationSchema = strict({
  phase: z
    .enum(ROTATION_PHASES)
    .default("prepared")
    .meta({
      description:
        "`prepared`: no change yet. `trust`: all istiods and proxies trust both roots. `issue`: every istiod signs with an intermediate of the new root. `renew`: every workload gets a certificate of the new root. `drop`: no istiod trusts the former root any more; from here on, the rotation cannot go back. After that the new settings are in `csp-mesh:ca`, and this key is removed. `withdraw`: when going back, every istiod signs with an intermediate of the former root again. `npm run mesh -- rotate-root` writes it, and checks the mesh after each phase.",
      examples: ["trust"],
    }),
  ca: caSchema.optional().meta({
    "x-default": "the settings of `ca`, where the program makes the root",
    description:
      "New value of `ca`: all of its settings, not only those that change. The program increases `rootGeneration` itself.",
    examples: [{ algorithm: "RSA", organization: "Example Agency" }],
  }),
});

export type RotationSettings = z.output<typeof rootRotationSchema>;

/** The settings of the new root; undefined if the config must contain them but does not. */
export function nextCA(ca: CASettings, { ca: given }: Pick<RotationSettings, "ca">): CASettings | undefined {
  const next = given ?? (ca.source === "generated" ? ca : undefined);
  if (next === undefined || next.source === "intermediates") return next;
  // The next generation, which gives its resources another name and the root another CN.
  return { ...next, rootGeneration: (ca.source === "intermediates" ? 1 : ca.rootGeneration) + 1 };
}
