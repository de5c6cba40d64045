// Whose the cluster is.
import { CLAIM, type Claim, claimOf, claimRefusal } from "../../mesh/claim.ts";
import type { Check, ObservedCluster } from "../cluster.ts";

/** The claim on a cluster, where there is one: then its mesh stands, or did not end. */
export async function claimOn({ read }: ObservedCluster): Promise<Claim | undefined> {
  return claimOf(
    await read<object>(`/apis/rbac.authorization.k8s.io/v1/clusterroles/${CLAIM}`, { metadata: "object" }),
  );
}

export const claim: Check = async (observed, { owner }) => {
  const { name: cluster, settings } = observed;
  const found = await claimOn(observed);
  // Of a config file alone no stack is known.
  if (found === undefined || owner === undefined) return [];
  // Whether it is of the same state is known to the resource that makes the claim.
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
