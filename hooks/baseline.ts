// First of all in a cluster, and last: what was there before is told from what comes, so that nothing else stays.
import { refuseForeignIstio } from "./foreignIstio.ts";
import { uninstall } from "./helmReleases.ts";
import { runHook } from "./hook.ts";
import { adoptCrds, releaseCrds } from "./istioCrds.ts";
import { adoptGatewayClasses, removeIstiodsOwn } from "./istiodsOwn.ts";
import { objectsOf } from "./objects.ts";
import { prepareNamespace, releaseNamespace } from "./systemNamespace.ts";

interface Settings {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  /** Istio's CRDs stay when the mesh goes. */
  readonly keepCrds: boolean;
}

interface Baseline {
  /** Whether the namespace of istiod was there before. */
  readonly namespaceFound: boolean;
}

await runHook<Settings, Baseline>({
  async create(cluster, { cluster: name, keepCrds }, previous) {
    // Later runs only hear of other settings.
    if (previous !== null) return previous;
    const objects = objectsOf(cluster);
    await refuseForeignIstio(objects, name, keepCrds);
    const [namespaceFound] = await Promise.all([
      prepareNamespace(objects),
      adoptCrds(objects),
      adoptGatewayClasses(objects),
    ]);
    return { namespaceFound };
  },

  async delete(cluster, { keepCrds }) {
    const objects = objectsOf(cluster);
    await uninstall(objects);
    // With istiod and its webhooks gone, nothing makes any of these again.
    await Promise.all([releaseCrds(objects, keepCrds), removeIstiodsOwn(objects), releaseNamespace(objects)]);
  },
});
