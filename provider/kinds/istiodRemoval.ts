// Uninstalls istiod before the objects on which it depends are deleted, and removes the objects that istiod created if
// the Gateway API stays. Helm itself fails if the release is already gone.
import * as z from "zod";
import { NEXT, NEXT_ISTIOD } from "../../mesh/nextIstiod.ts";
import { uninstall } from "../helmReleases.ts";
import { removeIstiodsOwn } from "../istiodsOwn.ts";
import type { Kind } from "../kind.ts";
import { electionRecords } from "../systemNamespace.ts";

const inputs = z.strictObject({
  /** Name of the second istiod, to remove only that one. @default both istiods are removed */
  only: z.literal(NEXT_ISTIOD).optional(),
});

export const istiodRemoval: Kind<z.output<typeof inputs>, Record<string, never>> = {
  inputs,
  create: async () => ({}),

  async delete({ cluster: { objects }, inputs: { only } }) {
    if (only) {
      await uninstall(objects, [only]);
      const records = await electionRecords(objects);
      return objects.remove(records.filter(({ metadata: { name } }) => name.endsWith(`-${NEXT}`)));
    }
    await uninstall(objects, [NEXT_ISTIOD, "istiod"]);
    await removeIstiodsOwn(objects);
  },
};
