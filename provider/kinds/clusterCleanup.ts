// The last step in a cluster on destroy: it deletes the objects of this stack that are left, including those that a
// killed run did not record, and the claim.
import * as z from "zod";
import { readClaim, removeClaim, setMarked } from "../../kube/claims.ts";
import { giveBack } from "../../kube/giveBack.ts";
import { onEach, onEachInTurn } from "../../kube/onEach.ts";
import { isClaimedBy } from "../../mesh/claim.ts";
import { putBack } from "../ciliumPutBack.ts";
import { uninstall } from "../helmReleases.ts";
import { giveBackCrds, istioRefusal, removeCrds } from "../istioCrds.ts";
import { gatewayClasses, removeIstiodsOwn } from "../istiodsOwn.ts";
import type { Kind, Step } from "../kind.ts";
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
    const { sample } = settings;
    await onEachInTurn(
      [() => sample && releaseSampleNamespace({ ...step, inputs: sample }), () => undo(step, found !== undefined)],
      (part) => part(),
    );
    // Without a claim, only the namespace shows the owner of the cluster.
    await (found ? removeClaim(objects, found) : releaseSystemNamespace(step));
  },
};

/** Undoes everything but the sample. @param isClaimed whether a claim still names the cluster if the namespace is deleted first */
async function undo(step: Step<Inputs>, isClaimed: boolean): Promise<void> {
  const { cluster, inputs: settings, warn } = step;
  const { objects } = cluster;
  const { awaitSeconds, cilium } = settings;
  await onEach(
    [
      () => settings.keepCrds || removeCrds(objects),
      () => removeIstiodsOwn(objects),
      () => cilium && putBack({ ...step, inputs: { ...cilium, awaitSeconds } }),
      () => settings.storageClass && removeClasses(objects),
      () => settings.metricsServer && removeMetricsServer(objects),
    ],
    (part) => part(),
  );
  if (settings.gatewayApi) await removeDefinitions(cluster, awaitSeconds);
  // If the destroy is killed from here on, the next up marks the objects that existed before the mesh again.
  await setMarked(objects, false);
  await onEachInTurn(
    [
      () => giveBackCrds(objects, (line) => warn(`${cluster.name}: ${line}`)),
      async () => giveBack(objects, await gatewayClasses(objects)),
      () => isClaimed && releaseSystemNamespace(step),
    ],
    (part) => part(),
  );
}
