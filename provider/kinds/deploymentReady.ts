// Waits until the pods of a Deployment are ready, and reports why they are not.
import * as z from "zod";
import { awaitDeployment } from "../awaitDeployment.ts";
import type { Kind } from "../kind.ts";

const inputs = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  awaitSeconds: z.number(),
  /** Any change of this value repeats the wait: it contains what determines the pods. */
  after: z.unknown(),
});
type Inputs = z.output<typeof inputs>;

export const deploymentReady: Kind<Inputs, Record<string, never>> = {
  inputs,
  identity: ({ awaitSeconds: _, ...rest }) => rest,

  async create({ cluster: { name: cluster, objects }, inputs: { namespace, name, awaitSeconds }, signal }) {
    await awaitDeployment(objects, { namespace, name }, `${cluster}: Deployment ${namespace}/${name}`, {
      seconds: awaitSeconds,
      signal,
    });
    return {};
  },

  delete: async () => {},
};
