// The first step of a destroy: it refuses to delete anything if deleting our CRDs would delete other people's custom
// resources.

import * as z from "zod";
import { type ApiAnswer, ApiError, type ApiServer } from "../../kube/apiServer.ts";
import { claimProblem, readClaim } from "../../kube/claims.ts";
import type { Objects } from "../../kube/objects.ts";
import { shown } from "../../kube/shown.ts";
import { CLAIM } from "../../mesh/claim.ts";
import { SYSTEM_NAMESPACE, wasFound, wasMade } from "../../mesh/ownership.ts";
import { gatewayApiRefusal, installedCrds, othersUnder } from "../gatewayApiObjects.ts";
import { istioRefusal } from "../istioCrds.ts";
import type { Cluster, Kind, Step } from "../kind.ts";
import { contentsOf, stayingIn } from "../leaveNamespace.ts";
import { readNamespace } from "../namespaces.ts";

const inputs = z.strictObject({
  claimId: z.string(),
  keepCrds: z.boolean(),
  /** Namespaces that are deleted with the mesh unless they contain objects of others. */
  namespaces: z.array(z.string()),
});
type Inputs = z.output<typeof inputs>;

/**
 * Longest wait for an API server's first answer, in ms. An address that drops packets would otherwise delay a destroy
 * for minutes.
 */
const ANSWERS_WITHIN = 30_000;

const ifGone = (name: string, options = "") =>
  `If the cluster is gone for good, run these in this order: npm run mesh -- forget ${name}${options}; pulumi up; pulumi destroy. ` +
  "Only pulumi up writes the mark into the state: pulumi destroy does not read the stack's config";

async function checkReachable({ url, get }: ApiServer, name: string): Promise<void> {
  let answer: ApiAnswer;
  try {
    answer = await get("/version", { timeout: ANSWERS_WITHIN });
  } catch (error) {
    throw new Error(
      `${name}: its API server ${shown(url)} cannot be reached (${(error as Error).message}), so nothing ` +
        `was deleted in any cluster. Make it reachable, then run the same command again. ${ifGone(name)}`,
    );
  }
  const { status } = answer;
  if (status < 200 || status >= 300)
    throw new Error(`${name}: its API server refuses: ${new ApiError(answer).message}`);
}

export const destroyGuard: Kind<Inputs, Record<string, never>> = {
  inputs,
  identity: () => null,
  create: async () => ({}),

  async delete(step) {
    const { cluster, inputs } = step;
    const { claimId, keepCrds, namespaces } = inputs;
    const { name } = cluster;
    await checkReachable(cluster.server, name);
    const problem = await claimProblem(cluster.objects, claimId);
    if (problem !== undefined) {
      throw new Error(
        `${name}: ${problem}. Nothing was deleted in any cluster. To remove only this stack's state, run: ` +
          "pulumi stack rm --force",
      );
    }
    if (await isForeignMesh(cluster.objects)) {
      throw new Error(
        `${name}: the claim (ClusterRole ${CLAIM}) is not in this cluster, and its namespace ${SYSTEM_NAMESPACE} is not this program's: the ` +
          `context "${shown(cluster.context)}" may now be for another cluster. Nothing was deleted in any cluster. Correct the kubeconfig, ` +
          `then run the same command again. ${ifGone(name, " --force")}`,
      );
    }
    const refusals = await Promise.all([
      keepCrds ? undefined : istioRefusal(cluster.objects, cluster.context),
      gatewayApiRefusalOf(cluster),
    ]);
    const reasons = refusals.filter((reason) => reason !== undefined);
    if (reasons.length > 0) {
      throw new Error([...reasons.map((reason) => `${name}: ${reason}`), "Nothing was deleted."].join("\n"));
    }
    await Promise.all(namespaces.map((namespace) => announce(step, namespace)));
  },
};

/**
 * Whether the namespace `istio-system` exists without a claim and without our marks. Then an Istio in it belongs to
 * others.
 */
async function isForeignMesh(objects: Objects): Promise<boolean> {
  if ((await readClaim(objects)) !== undefined) return false;
  const namespace = await readNamespace(objects, SYSTEM_NAMESPACE);
  return namespace !== undefined && !wasMade(namespace) && !wasFound(namespace);
}

/** Warns which of our namespaces will stay, and why. */
async function announce(step: Step<Inputs>, name: string): Promise<void> {
  const { cluster, warn } = step;
  const namespace = await readNamespace(cluster.objects, name);
  const staying = namespace && wasMade(namespace) && stayingIn(await contentsOf(step, name));
  if (staying) warn(`${cluster.name}: namespace "${name}" will stay, because ${staying}`);
}

async function gatewayApiRefusalOf({ objects, server, context }: Cluster): Promise<string | undefined> {
  const { ours } = await installedCrds(objects);
  const others = await othersUnder(server, ours);
  return others.length === 0 ? undefined : gatewayApiRefusal(context, ours, others);
}
