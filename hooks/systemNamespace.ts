// The namespace of istiod: ours to make and to delete, or somebody's who lends it.
import { type Named, nameOf, type Objects } from "./objects.ts";
import { foundMark, MADE, SYSTEM_NAMESPACE, wasFound, withoutMark } from "./ownership.ts";

const NETWORK = "topology.istio.io/network";

const read = (objects: Objects) => objects.read("v1", "Namespace", SYSTEM_NAMESPACE);

/** @returns whether it was there before. */
export async function prepareNamespace(objects: Objects): Promise<boolean> {
  const namespace = await read(objects);
  if (namespace === undefined) {
    const metadata = { name: SYSTEM_NAMESPACE, annotations: { [MADE]: "true" } };
    await objects.create({ apiVersion: "v1", kind: "Namespace", metadata });
    return false;
  }
  if (namespace.metadata.annotations?.[MADE] !== undefined) return false;
  if (!wasFound(namespace)) {
    const network = namespace.metadata.labels?.[NETWORK];
    // The label itself is set by a resource, which shows its drift; here its former value is kept.
    const change = { labels: network === undefined ? {} : { [NETWORK]: network }, annotations: {} };
    await objects.patchMetadata(namespace, foundMark(namespace.metadata, change));
  }
  return true;
}

/** Deletes the namespace, or gives it back as it was: without what istiod itself made in it. */
export async function releaseNamespace(objects: Objects): Promise<void> {
  const namespace = await read(objects);
  if (namespace === undefined) return;
  if (!wasFound(namespace)) return objects.remove([namespace]);
  await objects.remove(await electionRecords(objects));
  await objects.patchMetadata(namespace, withoutMark(namespace.metadata));
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
