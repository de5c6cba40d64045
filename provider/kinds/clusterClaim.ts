// The first step in a cluster: it writes the claim, and marks the objects that existed before the mesh.
import * as z from "zod";
import { claimProblem, clusterUid, isMarked, readClaim, setMarked, writeClaim } from "../../kube/claims.ts";
import { onEach } from "../../kube/onEach.ts";
import { CLAIM, type Claim, claimRefusal, fixedChanges } from "../../mesh/claim.ts";
import { refuseForeignIstio } from "../foreignIstio.ts";
import { adoptCrds, newerCrds } from "../istioCrds.ts";
import { adoptGatewayClasses } from "../istiodsOwn.ts";
import type { Failure, Kind, Step } from "../kind.ts";
import { isUnknown } from "../properties.ts";
import { isSystemNamespaceOf, prepareSystemNamespace } from "../systemNamespace.ts";

const inputs = z.strictObject({
  /** A random id in the stack's state. */
  claimId: z.string(),
  owner: z.string(),
  network: z.string(),
  mesh: z.string(),
  trustDomain: z.string(),
  /** Keep Istio's CRDs when the mesh is destroyed. */
  keepCrds: z.boolean(),
  /** Release of Istio to install. */
  istio: z.string(),
});
type Inputs = z.output<typeof inputs>;
type Outputs = { readonly uid: string; readonly newerCrds: readonly string[] };

export const clusterClaim: Kind<Inputs, Outputs> = {
  inputs,
  identity: ({ keepCrds: _, ...identity }) => identity,

  // If the cluster does not answer, the step itself reports this.
  check: (step, former) => refusalsOf(step, former).catch(() => fixedChanges(former ?? {}, step.inputs)),

  async create({ cluster: { name, objects }, inputs: wanted, say }) {
    const { keepCrds, claimId: id, istio, ...claim } = wanted;
    const [found, uid] = await Promise.all([readClaim(objects), clusterUid(objects)]);
    // If this stack already has the cluster, an Istio in it is left from an interrupted up or destroy of this stack.
    if (found === undefined && !(await isSystemNamespaceOf(objects, claim.owner))) {
      await refuseForeignIstio(objects, name, keepCrds);
    }
    // Write the claim first, because the cleanup acts only in a cluster with this stack's claim.
    await writeClaim(objects, { id, ...claim, cluster: name, uid });
    await prepareSystemNamespace(objects, claim.owner);
    const now = await readClaim(objects);
    if (now !== undefined && !isMarked(now)) {
      await onEach([adoptCrds, adoptGatewayClasses], (adopt) => adopt(objects));
      await setMarked(objects, true);
    }
    const newer = await newerCrds(objects, istio);
    if (newer.length > 0)
      say(`${name}: CRDs of a later release than Istio ${istio} stay unchanged: ${newer.join(", ")}`);
    return { uid, newerCrds: newer };
  },

  async read({ cluster: { objects }, inputs: { claimId, istio } }, outputs) {
    const [found, uid] = await Promise.all([readClaim(objects), clusterUid(objects)]);
    // If another stack has the claim, the next `check` reports it.
    if (found === undefined || uid !== outputs.uid) return undefined;
    if ((await claimProblem(objects, claimId)) !== undefined) return undefined;
    return { uid, newerCrds: await newerCrds(objects, istio) };
  },

  // The cleanup deletes the claim as its last step.
  delete: async () => {},
};

/** Why the cluster is not the intended one, or its fixed settings would change. */
async function refusalsOf(
  { cluster: { name, objects }, inputs: wanted }: Step<Inputs>,
  former: Partial<Inputs> | undefined,
): Promise<readonly Failure[]> {
  const found = await readClaim(objects);
  const refused = (reason: string) => [...fixedChanges(former ?? {}, wanted), { property: "cluster", reason }];
  if (found === undefined) {
    return former === undefined
      ? []
      : refused(`the cluster was rebuilt, or its claim (ClusterRole ${CLAIM}) was deleted. ${REMEDY}`);
  }
  const id = isUnknown(wanted.claimId) ? "" : wanted.claimId;
  // A context that leads to another cluster of this mesh must not be reported as a rebuilt cluster.
  const refusal = claimRefusal(found.claim, { ...wanted, id, cluster: name });
  if (refusal !== undefined) return refused(refusal);
  const uid = await clusterUid(objects);
  if (found.claim.uid !== uid) return refused(rebuilt(found.claim, uid));
  // After a takeover or a killed first run, the state does not know the mesh's settings, but the claim does.
  return fixedChanges(former ?? found.claim, wanted);
}

const REMEDY = "Run pulumi up --refresh: it creates the missing objects, and gives the new token to the other clusters";

const rebuilt = ({ uid }: Claim, now: string) =>
  `the claim was made for another cluster (its kube-system has the UID ${uid}, this one ${now}): it was copied from a backup. ` +
  `Delete it, then continue: kubectl delete clusterrole ${CLAIM}`;
