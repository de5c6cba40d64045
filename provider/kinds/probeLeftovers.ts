// Deletes, on destroy, the namespaces that a killed probe of this stack left in a cluster. The resource is created
// before the probe creates any.
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
      // If the probe has been disabled since, the account may lack the right to list them.
      if (!(error instanceof ApiError && error.status === 403)) throw error;
      warn(`${name}: ${error.message}\nA killed probe may have left objects: kubectl delete namespace -l ${labels}`);
    }
  },
};
