// What a killed probe of this stack left in a cluster, when the stack goes: its namespaces. Recorded before the probe makes any.
import * as z from "zod";
import { ApiError } from "../../kube/apiServer.ts";
import { OWNER, ownerLabel } from "../../mesh/claim.ts";
import { PROBE_LABEL } from "../../probe/manifests.ts";
import type { Kind } from "../kind.ts";

const inputs = z.strictObject({
  /** `organization/project/stack`. */
  owner: z.string(),
});

export const probeLeftovers: Kind<z.output<typeof inputs>, Record<string, never>> = {
  inputs,
  create: async () => ({}),

  async delete({ cluster: { name, objects }, inputs: { owner }, warn }) {
    const labels = `${PROBE_LABEL}=up,${OWNER}=${ownerLabel(owner)}`;
    try {
      await objects.remove(await objects.list("v1", "Namespace", { labels }));
    } catch (error) {
      // Where the probe was turned off since, the account need not have the right.
      if (!(error instanceof ApiError && error.status === 403)) throw error;
      warn(`${name}: ${error.message}\nA killed probe may have left some: kubectl delete namespace -l ${labels}`);
    }
  },
};
