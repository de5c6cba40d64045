// Cilium's settings as Istio needs them, for as long as the mesh is there. Where there is no Cilium, nothing.
//
// All that is known of it is kept in the cluster itself, and every step follows from what is found there, so a run that was
// killed is finished by the next one, and two at once do the same work once:
//  1. one write to the ConfigMap, refused if somebody wrote in between: settings, their former values, a restart's id;
//  2. the DaemonSet's template gets that id, and so its pods restart. The same id again changes nothing;
//  3. destroy puts the values back and takes the id away. The template is then what it was, and its pods restart once more.
import { randomUUID } from "node:crypto";
import type { V1ConfigMap, V1ControllerRevision, V1DaemonSet } from "@kubernetes/client-node";
import { ApiError } from "../net/apiServer.ts";
import { type Changes, MEMORY, type Memory, type Plan, planPatch, planRestore, RESTART } from "./ciliumSettings.ts";
import { runHook } from "./hook.ts";
import type { Named, Objects } from "./objects.ts";
import { rollout } from "./rollout.ts";
import { unless } from "./unless.ts";

interface Settings {
  /** Where Cilium is; without it, it is looked for everywhere. */
  readonly namespace?: string;
  /** Longest time without progress of its restart, in seconds. */
  readonly awaitSeconds: number;
}

/** What Cilium's own chart and the providers' editions of it have in common. */
const LABEL = "k8s-app=cilium";
const CONFIG = "cilium-config";

/** Cilium as it is found at a moment. */
interface Cilium {
  readonly namespace: string;
  readonly daemonSet: V1DaemonSet & Named;
  readonly config: V1ConfigMap & Named;
}

await runHook<Settings, null>({
  async create({ objects }, settings) {
    for (;;) {
      const cilium = await findCilium(objects, settings);
      if (cilium === undefined) {
        if (settings.namespace === undefined) return null;
        throw new Error(
          `no DaemonSet with the label ${LABEL} in namespace "${settings.namespace}"; correct the cluster's cilium.namespace, ` +
            "or remove it to have Cilium looked for everywhere",
        );
      }
      const memory = memoryOf(cilium.config);
      const plan = planPatch(cilium.config.data ?? {}, memory);
      const changed = Object.keys(plan.changes).length > 0;
      if (!changed && memory === undefined) return null;
      const restart = changed || memory === undefined ? randomUUID() : memory.restart;
      if (changed) {
        refuseManualUpdates(cilium);
        const remembered: Memory = { former: plan.former, restart };
        const annotation = { [MEMORY]: JSON.stringify(remembered) };
        if (!(await writeConfig(objects, cilium, plan.changes, annotation))) continue;
      }
      if (restartOf(cilium) !== restart && !(await writeRestart(objects, cilium, restart))) continue;
      report(cilium, plan);
      await rollout(objects, idOf(cilium), settings.awaitSeconds);
      return null;
    }
  },

  async delete({ objects }, settings) {
    for (;;) {
      const cilium = await findCilium(objects, settings);
      if (cilium === undefined) return;
      const memory = memoryOf(cilium.config);
      if (memory !== undefined) {
        const plan = planRestore(cilium.config.data ?? {}, memory);
        if (!(await writeConfig(objects, cilium, plan.changes, { [MEMORY]: null }))) continue;
        report(cilium, plan);
      }
      const restarted = restartOf(cilium) !== undefined;
      if (restarted && !(await writeRestart(objects, cilium, null))) continue;
      // What a run that was killed had still to do: its controller keeps former templates for a rollback.
      if (!restarted && (await ourRevisions(objects, cilium)).length === 0) return;
      await rollout(objects, idOf(cilium), settings.awaitSeconds);
      for (const revision of await ourRevisions(objects, cilium)) await objects.delete(revision).catch(unless(404));
      return;
    }
  },
});

/**
 * The DaemonSet is read before the ConfigMap: a restart that is written only if the DaemonSet is still the one read here
 * then belongs to the settings, even where another run put them back in between.
 */
async function findCilium(objects: Objects, { namespace: asked }: Settings): Promise<Cilium | undefined> {
  const found = await objects.list<V1DaemonSet>("apps/v1", "DaemonSet", { namespace: asked, labels: LABEL });
  const [daemonSet, ...others] = found;
  const namespace = daemonSet?.metadata?.namespace;
  if (daemonSet === undefined || namespace === undefined) return undefined;
  if (others.length > 0) {
    const names = found.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`).join(", ");
    throw new Error(`several DaemonSets have the label ${LABEL}: ${names}; set the cluster's cilium.namespace`);
  }
  const config = await objects.read<V1ConfigMap>("v1", "ConfigMap", CONFIG, namespace);
  if (config !== undefined) return { namespace, daemonSet, config };
  throw new Error(
    `Cilium's DaemonSet is ${namespace}/${daemonSet.metadata.name}, but there is no ConfigMap ${namespace}/${CONFIG}; ` +
      "set up Cilium for Istio yourself and the cluster's cilium.patch to false",
  );
}

function memoryOf({ metadata }: V1ConfigMap): Memory | undefined {
  const text = metadata?.annotations?.[MEMORY];
  return text === undefined ? undefined : JSON.parse(text);
}

function restartOf({ daemonSet }: Cilium): string | undefined {
  return daemonSet.spec?.template.metadata?.annotations?.[RESTART];
}

function idOf({ namespace, daemonSet }: Cilium): { namespace: string; name: string } {
  return { namespace, name: daemonSet.metadata?.name ?? "" };
}

function refuseManualUpdates(cilium: Cilium): void {
  const type = cilium.daemonSet.spec?.updateStrategy?.type;
  if (type !== "OnDelete") return;
  const { namespace, name } = idOf(cilium);
  throw new Error(
    `DaemonSet ${namespace}/${name} has the update strategy OnDelete, so it cannot be restarted: make it RollingUpdate, ` +
      "or set up Cilium for Istio yourself and the cluster's cilium.patch to false",
  );
}

function report({ namespace }: Cilium, { foreign }: Plan): void {
  for (const line of foreign) process.stderr.write(`warning: ConfigMap ${namespace}/${CONFIG}: ${line}\n`);
}

/** @returns false where somebody else wrote it since it was read */
async function writeConfig(
  objects: Objects,
  { config }: Cilium,
  data: Changes,
  annotations: Changes,
): Promise<boolean> {
  const { resourceVersion } = config.metadata;
  return written(objects.merge(config, { metadata: { resourceVersion, annotations }, data }));
}

/** @returns false where somebody else wrote it since it was read, its controller included */
async function writeRestart(objects: Objects, { daemonSet }: Cilium, restart: string | null): Promise<boolean> {
  const { resourceVersion } = daemonSet.metadata;
  const template = { metadata: { annotations: { [RESTART]: restart } } };
  return written(objects.merge(daemonSet, { metadata: { resourceVersion }, spec: { template } }));
}

async function written(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return false;
    throw error;
  }
}

/** The DaemonSet's former templates that carry our annotation. */
async function ourRevisions(objects: Objects, { namespace, daemonSet }: Cilium): Promise<Named[]> {
  const all = await objects.list<V1ControllerRevision>("apps/v1", "ControllerRevision", { namespace });
  return all
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === daemonSet.metadata.uid))
    .filter(({ data }) => RESTART in ((data as RevisionData | undefined)?.spec?.template?.metadata?.annotations ?? {}));
}

interface RevisionData {
  readonly spec?: { readonly template?: { readonly metadata?: { readonly annotations?: object } } };
}
