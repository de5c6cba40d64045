// Cilium as it is found in a cluster: its DaemonSet and its ConfigMap, each written only if nobody wrote it since.
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

/** What Cilium's own chart and the providers' editions of it have in common. */
export const LABEL = "k8s-app=cilium";
const CONFIG = "cilium-config";

/** Cilium at a moment. */
export interface Cilium {
  readonly namespace: string;
  readonly daemonSet: V1DaemonSet & Named;
  readonly config: V1ConfigMap & Named;
  readonly memory: Memory | undefined;
}

/**
 * The DaemonSet is read before the ConfigMap: a restart that is written only if the DaemonSet is still the one read here
 * then belongs to the settings, even where another run put them back in between.
 *
 * @param asked its namespace; without one it is looked for everywhere
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
    `Cilium's DaemonSet is ${namespace}/${daemonSet.metadata.name}, but there is no ConfigMap ${namespace}/${CONFIG}; ` +
      "set up Cilium for Istio yourself and the cluster's cilium.patch to false",
  );
}

export const dataOf = ({ config }: Pick<Cilium, "config">): Entries => config.data ?? {};

export const configName = ({ namespace }: Pick<Cilium, "namespace">) => `ConfigMap ${namespace}/${CONFIG}`;

export const idOf = ({ namespace, daemonSet }: Cilium) => ({ namespace, name: daemonSet.metadata.name });

/** The id of the last restart by this program. */
export const restartOf = ({ daemonSet }: Cilium): string | undefined => restartIn(daemonSet.spec?.template);

export const restartIn = (object: Pick<V1Pod, "metadata"> | undefined): string | undefined =>
  object?.metadata?.annotations?.[RESTART];

/** @throws Error where its DaemonSet does not restart by itself */
export function refuseManualUpdates(cilium: Cilium): void {
  if (cilium.daemonSet.spec?.updateStrategy?.type !== "OnDelete") return;
  const { namespace, name } = idOf(cilium);
  throw new Error(
    `DaemonSet ${namespace}/${name} has the update strategy OnDelete, so it cannot be restarted: make it RollingUpdate, ` +
      "or set up Cilium for Istio yourself and the cluster's cilium.patch to false",
  );
}

/** What uses Cilium's layer 7 proxy. @throws Error where that cannot be seen */
export async function l7Uses(objects: Objects, cilium: Cilium): Promise<string[]> {
  try {
    const found = await Promise.all(Object.keys(L7_KINDS).map((kind) => objects.list(CILIUM_API, kind)));
    return l7InUse(dataOf(cilium), found.flat() as unknown as L7Object[]);
  } catch (error) {
    throw new Error(
      `cannot see whether Cilium's layer 7 proxy is in use: ${(error as Error).message}; ` +
        `grant the account "list" on all kinds of cilium.io, or add ${L7_PROXY} to the cluster's cilium.leave`,
    );
  }
}

/** @returns false where somebody else wrote it since it was read */
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

/** @returns false where somebody else wrote it since it was read, its controller included */
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

/** The DaemonSet's former templates that carry our annotation: its controller keeps them for a rollback. */
export async function ourRevisions(objects: Objects, { namespace, daemonSet }: Cilium): Promise<Named[]> {
  const all = await objects.list<V1ControllerRevision>("apps/v1", "ControllerRevision", { namespace });
  return all
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === daemonSet.metadata.uid))
    .filter(({ data }) => restartIn((data as RevisionData | undefined)?.spec?.template) !== undefined);
}

interface RevisionData {
  readonly spec?: { readonly template?: Pick<V1Pod, "metadata"> };
}
