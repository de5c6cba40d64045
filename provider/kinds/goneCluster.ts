// A cluster that is gone for good. Whoever deletes what was in it learns so in the same run, before that.
import * as z from "zod";
import { declareGone } from "../gone.ts";
import type { Kind } from "../kind.ts";

const inputs = z.strictObject({ name: z.string() });

export const goneCluster: Kind<z.output<typeof inputs>, Record<string, never>> = {
  inputs,

  // In every run, also where nothing of it changes.
  async check({ inputs: { name } }) {
    declareGone(name);
    return [];
  },

  create: async () => ({}),
  delete: async () => {},
};
