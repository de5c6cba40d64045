// Reads and writes the claim on a cluster.
import type { V1ClusterRole, V1Namespace } from "@kubernetes/client-node";
import {
  CLAIM,
  CLAIMED,
  type Claim,
  claimOf,
  claimRefusal,
  FORMER_ID,
  isClaimedBy,
  MARKED,
  recordedRelease,
} from "../mesh/claim.ts";
import { MANAGED_BY, PROGRAM } from "../mesh/ownership.ts";
import { ApiError } from "./apiServer.ts";
import type { Named, Objects } from "./objects.ts";

const ROLE = ["rbac.authorization.k8s.io/v1", "ClusterRole"] as const;

export interface Claimed {
  readonly claim: Claim;
  readonly role: V1ClusterRole & Named;
}

export async function readClaim(objects: Objects): Promise<Claimed | undefined> {
  const role = await objects.read<V1ClusterRole>(...ROLE, CLAIM);
  const claim = claimOf(role);
  return role && claim && { role, claim };
}

/** UID of the namespace kube-system, which identifies a cluster for its whole life. */
export async function clusterUid(objects: Objects): Promise<string> {
  const namespace = await objects.existing<V1Namespace>("v1", "Namespace", "kube-system");
  return namespace.metadata.uid ?? "";
}

/**
 * Writes the claim. A claim that belongs to this stack stays. If two stacks write at once, the second finds the claim
 * of the first.
 *
 * @throws Error if another stack has the claim
 */
export async function writeClaim(objects: Objects, wanted: Claim): Promise<void> {
  for (;;) {
    const role = await objects.read<V1ClusterRole>(...ROLE, CLAIM);
    const annotations = { [CLAIMED]: JSON.stringify(wanted) };
    try {
      if (role === undefined) {
        const metadata = { name: CLAIM, labels: { [MANAGED_BY]: PROGRAM }, annotations };
        return await objects.create({ apiVersion: ROLE[0], kind: ROLE[1], metadata, rules: [] } as Named);
      }
      // The claim's annotation may have been deleted by hand.
      const live = claimOf(role);
      const refusal = live && claimRefusal(live, wanted);
      if (refusal !== undefined) throw new Error(refusal);
      if (JSON.stringify(live) === annotations[CLAIMED]) return;
      const { resourceVersion } = role.metadata;
      return await objects.merge(role, { metadata: { resourceVersion, annotations } });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409)) throw error;
    }
  }
}

/**
 * Gives a claim to another stack, with any state. Does nothing if that stack already has it.
 *
 * @throws Error if the claim has changed meanwhile
 */
export async function handOverClaim(objects: Objects, former: Claim, owner: string): Promise<void> {
  const annotations = { [CLAIMED]: JSON.stringify({ ...former, owner, id: "" }), [FORMER_ID]: former.id };
  for (;;) {
    const found = await readClaim(objects);
    const now = JSON.stringify(found?.claim);
    if (found === undefined || (now !== JSON.stringify(former) && now !== annotations[CLAIMED])) {
      throw new Error(
        `its claim (ClusterRole ${CLAIM}) was ${found ? "changed" : "deleted"} meanwhile; run this again`,
      );
    }
    if (now === annotations[CLAIMED]) return;
    try {
      const { resourceVersion } = found.role.metadata;
      return await objects.merge(found.role, { metadata: { resourceVersion, annotations } });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409)) throw error;
    }
  }
}

/** Whether all objects that existed before Istio are marked. */
export const isMarked = ({ role }: Claimed): boolean => role.metadata.annotations?.[MARKED] !== undefined;

/** @param are false before the first mark is removed, true when all objects are marked */
export async function setMarked(objects: Objects, are: boolean): Promise<void> {
  const role = { apiVersion: ROLE[0], kind: ROLE[1], metadata: { name: CLAIM } };
  await objects.patchMetadata(role, { annotations: { [MARKED]: are ? "true" : null } });
}

/** Records that Pulumi's state knows a Helm release, by the UID of one of its revisions. */
export async function setRecorded(objects: Objects, release: string, uid: string): Promise<void> {
  const role = { apiVersion: ROLE[0], kind: ROLE[1], metadata: { name: CLAIM } };
  await objects.patchMetadata(role, { annotations: { [recordedRelease(release)]: uid } });
}

export async function removeClaim(objects: Objects, { role }: Claimed): Promise<void> {
  await objects.delete(role);
}

/** Why this stack may not change a cluster; undefined if it may. */
export async function claimProblem(objects: Objects, id: string): Promise<string | undefined> {
  const found = await readClaim(objects);
  if (found === undefined || found.claim.id === id) return undefined;
  const isHandedOn = found.role.metadata.annotations?.[FORMER_ID] === id;
  return isClaimedBy(found.claim, { id, owner: found.claim.owner }) && !isHandedOn
    ? undefined
    : `this cluster belongs to the stack ${found.claim.owner} (mesh "${found.claim.mesh}") now`;
}
