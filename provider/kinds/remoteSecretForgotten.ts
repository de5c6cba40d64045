// Checks, after a remote secret was deleted, that the istiods that had it forget the cluster and keep the others.
import * as z from "zod";
import { remoteSecretForgotten as forgotten } from "../../istiod/remoteSecretForgotten.ts";
import { open } from "../../kube/cluster.ts";
import type { Kind } from "../kind.ts";

const inputs = z.strictObject({
  /** The cluster that was watched. */
  source: z.string(),
  /** Namespace of the istiods that watched it. */
  namespace: z.string(),
});

export const remoteSecretForgotten: Kind<z.output<typeof inputs>, Record<string, never>> = {
  inputs,
  create: async () => ({}),

  async delete({ cluster: { name, server }, inputs: settings, warn, signal }) {
    const left = await forgotten(open(name, server), settings, signal);
    if (left !== undefined) warn(`${name}: ${left}`);
  },
};
