// Last of all in a cluster: whatever of this stack is still there goes, also what a killed run had no time to record, and the claim.
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
  /** What this stack may have made in the cluster besides the mesh, and where. */
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
    // Where somebody deleted the claim, the namespace still says whose it is.
    if (found === undefined && !(await isSystemNamespaceOf(objects, settings.owner))) return;
    if (found && !isClaimedBy(found.claim, { id: settings.claimId, owner: settings.owner })) {
      warn(`${cluster.name}: this cluster belongs to the stack ${found.claim.owner}: nothing was deleted in it`);
      return;
    }
    // The guard asked this cluster before the others refused, or failed: that may be long ago.
    const refusal = settings.keepCrds ? undefined : await istioRefusal(objects, context);
    if (refusal !== undefined) throw new Error(refusal);
    await uninstall(objects);
    if (settings.sample) await releaseSampleNamespace({ ...step, inputs: settings.sample });
    // With istiod and its webhooks gone, nothing makes any of these again.
    await Promise.all([
      settings.keepCrds || removeCrds(objects),
      removeIstiodsOwn(objects),
      settings.cilium && putBack({ ...step, inputs: { ...settings.cilium, awaitSeconds: settings.awaitSeconds } }),
      settings.storageClass && removeClasses(objects),
      settings.metricsServer && removeMetricsServer(objects),
    ]);
    if (settings.gatewayApi) await removeDefinitions(cluster, settings.awaitSeconds);
    // An up after a destroy that is killed from here on marks again what came before the mesh.
    await setMarked(objects, false);
    await giveBackCrds(objects, (line) => warn(`${cluster.name}: ${line}`));
    await giveBack(objects, await gatewayClasses(objects));
    await releaseSystemNamespace(step);
    if (found) await removeClaim(objects, found);
  },
};
