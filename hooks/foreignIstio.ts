// A provider's own Istio, or anybody's: two control planes in one cluster overwrite each other's webhooks and roles.
import { revisions } from "./helmReleases.ts";
import { istioCrds, listed, othersResources } from "./istioCrds.ts";
import { nameOf, type Objects } from "./objects.ts";
import { ISTIOD_PARTS, LEFT_PARTS, RELEASES, SYSTEM_NAMESPACE } from "./ownership.ts";

/** @throws Error that lists what is there of an Istio, and says how to go on */
export async function refuseForeignIstio(objects: Objects, cluster: string, keepCrds: boolean): Promise<void> {
  const parts = await Promise.all([
    objects.list("apps/v1", "Deployment", { labels: ISTIOD_PARTS }),
    objects.list("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", { labels: ISTIOD_PARTS }),
    objects.list("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", { labels: ISTIOD_PARTS }),
    ...RELEASES.map((name) => revisions(objects, name)),
    // In a namespace that outlived its Istio: what this one makes by the same name, and what its istiod would obey.
    ...LEFT_PARTS.map(({ apiVersion, kind, selection }) =>
      objects.list(apiVersion, kind, { namespace: SYSTEM_NAMESPACE, ...selection }),
    ),
  ]);
  const found = parts.flat().map(nameOf);
  if (found.length > 0) {
    throw new Error(
      `${cluster}: an Istio that this program did not install is here already, and two overwrite each other:` +
        `${listed(found)}\nRemove it (the provider's add-on where its console shows one, else "helm uninstall" or "kubectl delete"), then run ` +
        '"pulumi up" again. Nothing of Istio was created in this cluster.',
    );
  }
  const others = keepCrds ? [] : await othersResources(objects, await istioCrds(objects));
  if (others.length > 0) {
    throw new Error(
      `${cluster}: custom resources of an Istio that this program did not install are here, and its istiod would obey ` +
        `them:${listed(others)}\nDelete them, or set csp-mesh:istio.keepCrds to true if that is meant, then run ` +
        '"pulumi up" again. Nothing of Istio was created in this cluster.',
    );
  }
}
