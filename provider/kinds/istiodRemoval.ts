// Uninstalls istiod before what it needs goes, and what it made where the Gateway API stays. Helm itself fails where nothing is left.
import * as z from "zod";
import { uninstall } from "../helmReleases.ts";
import { removeIstiodsOwn } from "../istiodsOwn.ts";
import type { Kind } from "../kind.ts";

const inputs = z.strictObject({});

export const istiodRemoval: Kind<z.output<typeof inputs>, Record<string, never>> = {
  inputs,
  create: async () => ({}),

  async delete({ cluster: { objects } }) {
    await uninstall(objects, ["istiod"]);
    await removeIstiodsOwn(objects);
  },
};
