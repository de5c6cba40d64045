// First of all when the mesh goes: nothing is deleted where somebody's own custom resources would go with CRDs of ours.
import { type ApiAnswer, ApiError, type ApiServer } from "../net/apiServer.ts";
import { gatewayApiRefusal, installedCrds, othersUnder } from "./gatewayApiObjects.ts";
import { type HookCluster, runHook } from "./hook.ts";
import { istioRefusal } from "./istioCrds.ts";

interface Settings {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  readonly keepCrds: boolean;
}

/** Longest wait for an API server's first answer, in ms: an address that drops packets would hold up a destroy for minutes. */
const ANSWERS_WITHIN = 30_000;

async function checkReachable({ url, get }: ApiServer, name: string): Promise<void> {
  let answer: ApiAnswer;
  try {
    answer = await get("/version", { timeout: ANSWERS_WITHIN });
  } catch (error) {
    throw new Error(
      `${name}: its API server ${url} cannot be reached (${(error as Error).message}), so nothing ` +
        "was deleted in any cluster. Make it reachable, then run the same command again",
    );
  }
  const { status } = answer;
  if (status < 200 || status >= 300)
    throw new Error(`${name}: its API server refuses: ${new ApiError(answer).message}`);
}

await runHook<Settings, null>({
  create: async () => null,

  async delete(cluster, { cluster: name, keepCrds }) {
    await checkReachable(cluster.server, name);
    const refusals = await Promise.all([
      keepCrds ? undefined : istioRefusal(cluster.objects, cluster.context),
      gatewayApiRefusalOf(cluster),
    ]);
    const reasons = refusals.filter((reason) => reason !== undefined);
    if (reasons.length > 0) {
      throw new Error([...reasons.map((reason) => `${name}: ${reason}`), "Nothing was deleted."].join("\n"));
    }
  },
});

async function gatewayApiRefusalOf({ objects, server, context }: HookCluster): Promise<string | undefined> {
  const { ours } = await installedCrds(objects);
  const others = await othersUnder(server, ours);
  return others.length === 0 ? undefined : gatewayApiRefusal(context, ours, others);
}
