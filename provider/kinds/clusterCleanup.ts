// The last step in a cluster on destroy: it deletes the objects of this stack that are left, including those that a
// killed run did not record, and the claim.
import * as z from "zod";
import { readClaim, removeClaim, setMarked } from "../../kube/claims.ts";
import { giveBack } from "../../kube/giveBack.ts";
import { isClaimedBy } from "../../mesh/claim.ts";
import { putBack } from "../ciliumPutBack.ts";
import { uninstall } from "../helmReleases.ts";
import { giveBackCrds, istioRefusal, removeCrds } from "../istioCrds.ts";
import { gatewayClasses, removeIstiodsOwn } from "../istiodsOwn.ts";
import type { Kind } from "../kind.ts";
import { isSystemNamespaceOf, releaseSystemNamespace } from "../systemNamespace.ts";
import { removeClasses } from "./defaultStorageClass.ts";
import { removeDefinitions } from "./gatewayApiDefinitions.ts";
import { removeMetricsServer } from "./metricsServer.ts";
import { parts, releaseSampleNamespace } from "./sampleNamespace.ts";

const inputs = z.strictObject({
  claimId: z.string(),
  owner: z.string(),
  keepCrds: z.boolean(),
  awaitSeconds: z.number(),
  /** Features of this stack that may have left objects in the cluster, with their namespaces. */
  cilium: z.strictObject({ namespace: z.string().optional() }).optional(),
  gatewayApi: z.boolean(),
  metricsServer: z.boolean(),
  storageClass: z.boolean(),
  sample: z.strictObject({ namespace: z.string(), parts }).optional(),
});
type Inputs = z.output<typeof inputs>;

export const clusterCleanup: Kind<Inputs, Record<string, never>> = {
  inputs,
  create: async () => ({}),

  async delete(step) {
    const { cluster, inputs: settings, warn } = step;
    const { objects, context } = cluster;
    const found = await readClaim(objects);
    // If the claim was deleted by hand, the namespace still names the stack.
    if (found === undefined && !(await isSystemNamespaceOf(objects, settings.owner))) return;
    if (found && !isClaimedBy(found.claim, { id: settings.claimId, owner: settings.owner })) {
      warn(`${cluster.name}: this cluster belongs to the stack ${found.claim.owner}: nothing was deleted in it`);
      return;
    }
    // Check again, because the destroy guard may have checked this cluster long before, in an earlier destroy that
    // failed in another cluster.
    const refusal = settings.keepCrds ? undefined : await istioRefusal(objects, context);
    if (refusal !== undefined) throw new Error(refusal);
    await uninstall(objects);
    if (settings.sample) await releaseSampleNamespace({ ...step, inputs: settings.sample });
    // istiod and its webhooks are removed by now, so nothing creates these objects again.
    await Promise.all([
      settings.keepCrds || removeCrds(objects),
      removeIstiodsOwn(objects),
      settings.cilium && putBack({ ...step, inputs: { ...settings.cilium, awaitSeconds: settings.awaitSeconds } }),
      settings.storageClass && removeClasses(objects),
      settings.metricsServer && removeMetricsServer(objects),
    ]);
    if (settings.gatewayApi) await removeDefinitions(cluster, settings.awaitSeconds);
    // If this destroy is killed after this line, the next up marks the objects that existed before the mesh again.
    await setMarked(objects, false);
    await giveBackCrds(objects, (line) => warn(`${cluster.name}: ${line}`));
    await giveBack(objects, await gatewayClasses(objects));
    await releaseSystemNamespace(step);
    if (found) await removeClaim(objects, found);
  },
};
