// The namespace of istiod.
import { prepareNamespace, readNamespace } from "./namespaces.ts";
import { type Named, nameOf, type Objects } from "./objects.ts";
import { giveBack, MARKED, SYSTEM_NAMESPACE, wasFound, wasMade } from "./ownership.ts";

export async function prepareSystemNamespace(objects: Objects): Promise<void> {
  await prepareNamespace(objects, SYSTEM_NAMESPACE, { changed: "topology.istio.io/network" });
}

/** Whether this program works in it: where it was refused, or never came, what is there is somebody else's. */
export async function isSystemNamespaceOurs(objects: Objects): Promise<boolean> {
  const namespace = await readNamespace(objects, SYSTEM_NAMESPACE);
  return namespace !== undefined && (wasMade(namespace) || wasFound(namespace));
}

/** Whether what was there before is marked: also where a destroy that failed, or was killed, left some of what is ours. */
export async function isMarked(objects: Objects): Promise<boolean> {
  const namespace = await readNamespace(objects, SYSTEM_NAMESPACE);
  return namespace?.metadata.annotations?.[MARKED] !== undefined;
}

export async function setMarked(objects: Objects, marked: boolean): Promise<void> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: SYSTEM_NAMESPACE } };
  await objects.patchMetadata(namespace, { annotations: { [MARKED]: marked ? "true" : null } });
}

/** Deletes the namespace, or gives it back as it was: without what istiod itself made in it. */
export async function releaseSystemNamespace(objects: Objects): Promise<void> {
  const namespace = await readNamespace(objects, SYSTEM_NAMESPACE);
  if (namespace === undefined) return;
  if (wasMade(namespace)) return objects.remove([namespace]);
  await objects.remove(await electionRecords(objects));
  await giveBack(objects, [namespace]);
}

/** Records by which istiod's replicas elect leaders (istio/istio, pilot/pkg/leaderelection): `istio-leader` and others. */
async function electionRecords(objects: Objects): Promise<Named[]> {
  const inNamespace = { namespace: SYSTEM_NAMESPACE };
  const [configMaps, leases] = await Promise.all([
    objects.list("v1", "ConfigMap", inNamespace),
    objects.list("coordination.k8s.io/v1", "Lease", inNamespace),
  ]);
  const elected = configMaps.filter(({ metadata }) => metadata.annotations?.[LEADER] !== undefined);
  return [...elected, ...leases.filter((lease) => /^Lease istio-system\/istio-/.test(nameOf(lease)))];
}

const LEADER = "control-plane.alpha.kubernetes.io/leader";
