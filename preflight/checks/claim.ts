// Whether another stack has claimed the cluster.
import { CLAIM, type Claim, claimOf, claimRefusal } from "../../mesh/claim.ts";
import type { Check, ObservedCluster } from "../cluster.ts";

/** The claim on a cluster, if any. With a claim, the mesh exists or a run was interrupted. */
export async function claimOn({ read }: ObservedCluster): Promise<Claim | undefined> {
  return claimOf(
    await read<object>(`/apis/rbac.authorization.k8s.io/v1/clusterroles/${CLAIM}`, { metadata: "object" }),
  );
}

export const claim: Check = async (observed, { owner }) => {
  const { name: cluster, settings } = observed;
  const found = await claimOn(observed);
  // If only a config file is known, the stack's name is unknown.
  if (found === undefined || owner === undefined) return [];
  // The preflight does not know the id of the stack's state. The claim resource compares it.
  const wanted = {
    id: found.id,
    owner,
    cluster,
    network: settings.network,
    mesh: found.mesh,
    trustDomain: found.trustDomain,
  };
  if (claimRefusal(found, wanted) === undefined) return [{ id: "claimed", severity: "ok", cluster, owner }];
  return found.owner === owner
    ? [{ id: "claimedAsOther", severity: "error", cluster, name: found.cluster }]
    : [{ id: "claimedByOther", severity: "error", cluster, owner: found.owner, mesh: found.mesh, name: found.cluster }];
};
