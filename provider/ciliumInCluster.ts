// Reads and writes Cilium's DaemonSet and ConfigMap. A write fails if the object has changed since it was read.
import type { V1ConfigMap, V1ControllerRevision, V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import { ApiError } from "../kube/apiServer.ts";
import type { Named, Objects } from "../kube/objects.ts";
import { CILIUM_API, L7_KINDS, type L7Object, l7InUse } from "../mesh/ciliumL7.ts";
import {
  type Changes,
  type Entries,
  L7_PROXY,
  MEMORY,
  type Memory,
  memoryOf,
  RESTART,
} from "../mesh/ciliumSettings.ts";

/** Label that Cilium's own chart and the providers' versions of it share. */
export const LABEL = "k8s-app=cilium";
const CONFIG = "cilium-config";

/** Cilium's objects as read at one time. */
export interface Cilium {
  readonly namespace: string;
  readonly daemonSet: V1DaemonSet & Named;
  readonly config: V1ConfigMap & Named;
  readonly memory: Memory | undefined;
}

/**
 * Reads the DaemonSet before the ConfigMap. The restart is written only if the DaemonSet has not changed since.
 * Therefore it belongs to the settings read here, even if another run restored them in between.
 *
 * @param asked namespace of Cilium; if undefined, all namespaces are searched
 */
export async function findCilium(objects: Objects, asked: string | undefined): Promise<Cilium | undefined> {
  const found = await objects.list<V1DaemonSet>("apps/v1", "DaemonSet", { namespace: asked, labels: LABEL });
  const [daemonSet, ...others] = found;
  const namespace = daemonSet?.metadata?.namespace;
  if (daemonSet === undefined || namespace === undefined) return undefined;
  if (others.length > 0) {
    const names = found.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`).join(", ");
    throw new Error(`several DaemonSets have the label ${LABEL}: ${names}; set the cluster's cilium.namespace`);
  }
  const config = await objects.read<V1ConfigMap>("v1", "ConfigMap", CONFIG, namespace);
  if (config !== undefined) {
    return { namespace, daemonSet, config, memory: memoryOf(config.metadata?.annotations?.[MEMORY]) };
  }
  throw new Error(
    `Cilium's DaemonSet is ${namespace}/${daemonSet.metadata.name}, but ConfigMap ${namespace}/${CONFIG} does not exist; ` +
      "configure Cilium for Istio yourself, and set the cluster's cilium.patch to false",
  );
}

export const dataOf = ({ config }: Pick<Cilium, "config">): Entries => config.data ?? {};

export const configName = ({ namespace }: Pick<Cilium, "namespace">) => `ConfigMap ${namespace}/${CONFIG}`;

export const idOf = ({ namespace, daemonSet }: Cilium) => ({ namespace, name: daemonSet.metadata.name });

/** Id of the last restart by this program. */
export const restartOf = ({ daemonSet }: Cilium): string | undefined => restartIn(daemonSet.spec?.template);

export const restartIn = (object: Pick<V1Pod, "metadata"> | undefined): string | undefined =>
  object?.metadata?.annotations?.[RESTART];

/** @throws Error if its DaemonSet does not restart pods by itself (updateStrategy OnDelete) */
export function refuseManualUpdates(cilium: Cilium): void {
  if (cilium.daemonSet.spec?.updateStrategy?.type !== "OnDelete") return;
  const { namespace, name } = idOf(cilium);
  throw new Error(
    `DaemonSet ${namespace}/${name} has the update strategy OnDelete, so it cannot be restarted: make it RollingUpdate, ` +
      "or configure Cilium for Istio yourself and set the cluster's cilium.patch to false",
  );
}

/** Objects that use Cilium's layer 7 proxy. @throws Error if they cannot be listed */
export async function l7Uses(objects: Objects, cilium: Cilium): Promise<string[]> {
  try {
    const found = await Promise.all([
      ...Object.keys(L7_KINDS).map((kind) => objects.list(CILIUM_API, kind)),
      objects.metadataOf("v1", "Pod"),
    ]);
    return l7InUse(dataOf(cilium), found.flat() as unknown as L7Object[]);
  } catch (error) {
    throw new Error(
      `cannot see whether Cilium's layer 7 proxy is in use: ${(error as Error).message}; ` +
        `grant the account "list" on pods and on all kinds of cilium.io, or add ${L7_PROXY} to the cluster's cilium.leave`,
    );
  }
}

/** @returns false if the ConfigMap has changed since it was read */
export async function writeConfig(
  objects: Objects,
  { config }: Cilium,
  data: Changes,
  memory: Memory | undefined,
): Promise<boolean> {
  const { resourceVersion } = config.metadata;
  const annotations = { [MEMORY]: memory === undefined ? null : JSON.stringify(memory) };
  return isWritten(objects.merge(config, { metadata: { resourceVersion, annotations }, data }));
}

/** @returns false if the DaemonSet has changed since it was read, for example by its controller */
export async function writeRestart(
  objects: Objects,
  { daemonSet }: Cilium,
  restart: string | undefined,
): Promise<boolean> {
  const { resourceVersion } = daemonSet.metadata;
  const template = { metadata: { annotations: { [RESTART]: restart ?? null } } };
  return isWritten(objects.merge(daemonSet, { metadata: { resourceVersion }, spec: { template } }));
}

async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return false;
    throw error;
  }
}

/** Former pod templates with our annotation, which the DaemonSet's controller keeps for a rollback. */
export async function ourRevisions(objects: Objects, { namespace, daemonSet }: Cilium): Promise<Named[]> {
  const all = await objects.list<V1ControllerRevision>("apps/v1", "ControllerRevision", { namespace });
  return all
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === daemonSet.metadata.uid))
    .filter(({ data }) => restartIn((data as RevisionData | undefined)?.spec?.template) !== undefined);
}

interface RevisionData {
  readonly spec?: { readonly template?: Pick<V1Pod, "metadata"> };
}
