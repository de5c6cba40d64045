// Refuses a cluster with an Istio that this program did not install: two control planes overwrite each other's webhooks
// and roles.

import { type Named, nameOf, type Objects } from "../kube/objects.ts";
import { ISTIOD_PARTS, isOurs, LEFT_PARTS, RELEASES, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { revisions } from "./helmReleases.ts";
import { istioCrds, listed, othersResources } from "./istioCrds.ts";

/** @throws Error that lists the parts of an Istio that exist, and the remedy */
export async function refuseForeignIstio(objects: Objects, cluster: string, keepCrds: boolean): Promise<void> {
  const webhooks = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
  const planes = await Promise.all([
    objects.list("apps/v1", "Deployment", { labels: ISTIOD_PARTS }),
    ...RELEASES.map((name) => revisions(objects, name)),
  ]);
  // Webhooks of our releases without a control plane are no foreign Istio: Helm takes them over.
  const isLeft = (part: Named) => planes.flat().length === 0 && isOurs(part);
  const parts = await Promise.all([
    planes.flat(),
    ...webhooks.map(async (kind) => {
      const found = await objects.list("admissionregistration.k8s.io/v1", kind, { labels: ISTIOD_PARTS });
      return found.filter((part) => !isLeft(part));
    }),
    // Objects that a removed Istio left in the namespace: ours would have the same names, or our istiod would use them.
    ...LEFT_PARTS.map(({ apiVersion, kind, selection }) =>
      objects.list(apiVersion, kind, { namespace: SYSTEM_NAMESPACE, ...selection }),
    ),
  ]);
  const found = parts.flat().map(nameOf);
  if (found.length > 0) {
    throw new Error(
      `${cluster}: the cluster already has an Istio that this program did not install, and two would overwrite each other:` +
        `${listed(found)}\nRemove it (the provider's add-on where its console shows one, else "helm uninstall" or "kubectl delete"), then run ` +
        '"pulumi up" again. No part of Istio was created in this cluster.',
    );
  }
  const others = keepCrds ? [] : await othersResources(objects, await istioCrds(objects));
  if (others.length > 0) {
    throw new Error(
      `${cluster}: the cluster has custom resources of an Istio that this program did not install, and this istiod would apply ` +
        `them:${listed(others)}\nDelete them, or set csp-mesh:istio.keepCrds to true to use and keep them, then run ` +
        '"pulumi up" again. No part of Istio was created in this cluster.',
    );
  }
}
