// First of all in a cluster, and last: what was there before is told from what comes, so that nothing else stays.
import { refuseForeignIstio } from "./foreignIstio.ts";
import { uninstall } from "./helmReleases.ts";
import { runHook } from "./hook.ts";
import { adoptCrds, releaseCrds } from "./istioCrds.ts";
import { adoptGatewayClasses, removeIstiodsOwn } from "./istiodsOwn.ts";
import { isSystemNamespaceOurs, prepareSystemNamespace, releaseSystemNamespace } from "./systemNamespace.ts";

interface Settings {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  /** Istio's CRDs stay when the mesh goes. */
  readonly keepCrds: boolean;
}

/** That it was made: later runs only hear of other settings. */
type Baseline = "made";

await runHook<Settings, Baseline>({
  async create({ objects }, { cluster: name, keepCrds }, previous) {
    if (previous !== null) return previous;
    await refuseForeignIstio(objects, name, keepCrds);
    // Before all else, because nothing is undone in a cluster without its mark.
    await prepareSystemNamespace(objects);
    await Promise.all([adoptCrds(objects), adoptGatewayClasses(objects)]);
    return "made";
  },

  async delete({ objects }, { keepCrds }) {
    if (!(await isSystemNamespaceOurs(objects))) return;
    await uninstall(objects);
    // With istiod and its webhooks gone, nothing makes any of these again.
    await Promise.all([releaseCrds(objects, keepCrds), removeIstiodsOwn(objects)]);
    await releaseSystemNamespace(objects);
  },
});
