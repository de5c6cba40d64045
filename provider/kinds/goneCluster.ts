// A cluster that is permanently gone. The steps that delete its resources learn this in the same run, before they
// start.
import * as z from "zod";
import { declareGone } from "../gone.ts";
import type { Kind } from "../kind.ts";

const inputs = z.strictObject({ name: z.string() });

export const goneCluster: Kind<z.output<typeof inputs>, Record<string, never>> = {
  inputs,

  // `check` runs in every run, even if the resource has not changed.
  async check({ inputs: { name } }) {
    declareGone(name);
    return [];
  },

  create: async () => ({}),
  delete: async () => {},
};
