// First of all in a cluster, and last: what was there before is told from what comes, so that nothing else stays.
import { refuseForeignIstio } from "./foreignIstio.ts";
import { uninstall } from "./helmReleases.ts";
import { runHook } from "./hook.ts";
import { adoptCrds, istioCrds, istioRefusal, removeCrds } from "./istioCrds.ts";
import { adoptGatewayClasses, gatewayClasses, removeIstiodsOwn } from "./istiodsOwn.ts";
import { giveBack } from "./ownership.ts";
import {
  isMarked,
  isSystemNamespaceOurs,
  prepareSystemNamespace,
  releaseSystemNamespace,
  setMarked,
} from "./systemNamespace.ts";

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
    // What is there with our mark is left of a destroy that did not come to its end.
    if (!(await isSystemNamespaceOurs(objects))) await refuseForeignIstio(objects, name, keepCrds);
    // Before all else, because nothing is undone in a cluster without its mark.
    await prepareSystemNamespace(objects);
    if (!(await isMarked(objects))) {
      await Promise.all([adoptCrds(objects), adoptGatewayClasses(objects)]);
      await setMarked(objects, true);
    }
    return "made";
  },

  async delete({ objects, context }, { cluster: name, keepCrds }) {
    if (!(await isSystemNamespaceOurs(objects))) return;
    // The guard asked this cluster before the others refused, or failed: that may be long ago.
    const refusal = keepCrds ? undefined : await istioRefusal(objects, context);
    if (refusal !== undefined) throw new Error(`${name}: ${refusal}`);
    await uninstall(objects);
    // With istiod and its webhooks gone, nothing makes any of these again.
    await Promise.all([keepCrds || removeCrds(objects), removeIstiodsOwn(objects)]);
    await setMarked(objects, false);
    await giveBack(objects, [...(await istioCrds(objects)), ...(await gatewayClasses(objects))]);
    await releaseSystemNamespace(objects);
  },
});
