// First of all when the mesh goes: nothing is deleted where somebody's own custom resources would go with CRDs of ours.
import { ApiException, type KubeConfig, VersionApi } from "@kubernetes/client-node";
import { gatewayApiRefusal, installedCrds, othersUnder } from "./gatewayApiObjects.ts";
import { messageOf, runHook } from "./hook.ts";
import { isRemovable, istioCrds, listed, othersResources } from "./istioCrds.ts";
import { objectsOf } from "./objects.ts";

interface Settings {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  readonly keepCrds: boolean;
}

/** Longest wait for an API server's first answer, in ms: an address that drops packets would hold up a destroy for minutes. */
const ANSWERS_WITHIN = 30_000;

async function checkReachable(cluster: KubeConfig, name: string): Promise<void> {
  const silence = AbortSignal.timeout(ANSWERS_WITHIN);
  const timeout = new Promise<never>((_, reject) => {
    silence.addEventListener("abort", () => reject(new Error(`no answer within ${ANSWERS_WITHIN / 1000} s`)));
  });
  try {
    await Promise.race([cluster.makeApiClient(VersionApi).getCode(), timeout]);
  } catch (error) {
    if (error instanceof ApiException) throw new Error(`${name}: its API server refuses: ${messageOf(error)}`);
    throw new Error(
      `${name}: its API server ${cluster.getCurrentCluster()?.server} cannot be reached (${messageOf(error)}), so nothing ` +
        'was deleted in any cluster. Make it reachable, then run "pulumi destroy" again',
    );
  }
}

await runHook<Settings, null>({
  create: async () => null,

  async delete(cluster, { cluster: name, keepCrds }) {
    await checkReachable(cluster, name);
    const refusals = await Promise.all([keepCrds ? undefined : istioRefusal(cluster), gatewayApiRefusalOf(cluster)]);
    const reasons = refusals.filter((reason) => reason !== undefined);
    if (reasons.length > 0) {
      throw new Error([...reasons.map((reason) => `${name}: ${reason}`), "Nothing was deleted."].join("\n"));
    }
  },
});

async function istioRefusal(cluster: KubeConfig): Promise<string | undefined> {
  const objects = objectsOf(cluster);
  const others = await othersResources(objects, (await istioCrds(objects)).filter(isRemovable));
  if (others.length === 0) return undefined;
  return (
    `these custom resources are not this program's, and they would go with Istio's CRDs:${listed(others)}\n` +
    "Delete them, or set csp-mesh:istio.keepCrds to true, which leaves the CRDs and them in place, and run " +
    '"pulumi up"; then run "pulumi destroy" again.'
  );
}

async function gatewayApiRefusalOf(cluster: KubeConfig): Promise<string | undefined> {
  const { ours } = await installedCrds(cluster);
  const others = await othersUnder(cluster, ours);
  return others.length === 0 ? undefined : gatewayApiRefusal(cluster, ours, others);
}
