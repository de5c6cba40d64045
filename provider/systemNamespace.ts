// The namespace `istio-system`.

import { giveBack } from "../kube/giveBack.ts";
import { ignoreStatus } from "../kube/ignoreStatus.ts";
import type { Named, Objects } from "../kube/objects.ts";
import { isElectionRecord } from "../mesh/byproducts.ts";
import { OWNER } from "../mesh/claim.ts";
import { MANAGED_BY, PROGRAM, SYSTEM_NAMESPACE, wasFound, wasMade } from "../mesh/ownership.ts";
import type { Step } from "./kind.ts";
import { leaveNamespace } from "./leaveNamespace.ts";
import { prepareNamespace, readNamespace } from "./namespaces.ts";

export async function prepareSystemNamespace(objects: Objects, owner: string): Promise<void> {
  await prepareNamespace(objects, SYSTEM_NAMESPACE, { changed: "topology.istio.io/network", owner });
}

/** Whether a stack uses the namespace, according to its annotation. Needed when the claim was deleted by hand. */
export async function isSystemNamespaceOf(objects: Objects, owner: string): Promise<boolean> {
  return (await readNamespace(objects, SYSTEM_NAMESPACE))?.metadata.annotations?.[OWNER] === owner;
}

/** Deletes the namespace. If it existed before the mesh, restores it and deletes istiod's objects in it. */
export async function releaseSystemNamespace(step: Step<unknown>): Promise<void> {
  const { objects } = step.cluster;
  const namespace = await readNamespace(objects, SYSTEM_NAMESPACE);
  if (namespace === undefined) return;
  if (wasMade(namespace)) return leaveNamespace(step, namespace, ["topology.istio.io/network"]);
  if (!wasFound(namespace)) return;
  await objects.remove([...(await electionRecords(objects)), ...(await ownParts(objects))]);
  await giveBack(objects, [namespace]);
}

const PARTS = [
  ["apps/v1", "Deployment"],
  ["v1", "Service"],
  ["v1", "Secret"],
  ["v1", "ServiceAccount"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  ["rbac.authorization.k8s.io/v1", "Role"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["policy/v1", "PodDisruptionBudget"],
  ["networking.istio.io/v1", "Gateway"],
  ["security.istio.io/v1", "PeerAuthentication"],
] as const;

/**
 * Our objects that no state knows: a killed run did not record them, or their state is lost. One example is a reader's
 * token.
 */
async function ownParts(objects: Objects): Promise<Named[]> {
  const own = { namespace: SYSTEM_NAMESPACE, labels: `${MANAGED_BY}=${PROGRAM}` };
  const lists = PARTS.map(([apiVersion, kind]) => objects.list(apiVersion, kind, own).catch(ignoreStatus(403)));
  return (await Promise.all(lists)).flatMap((found) => found ?? []);
}

/** Leader election records of istiod's replicas. */
export async function electionRecords(objects: Objects): Promise<Named[]> {
  const inNamespace = { namespace: SYSTEM_NAMESPACE };
  const lists = await Promise.all([
    objects.list("v1", "ConfigMap", inNamespace),
    objects.list("coordination.k8s.io/v1", "Lease", inNamespace),
  ]);
  return lists.flat().filter(isElectionRecord);
}
