// Sets the Cilium options that Istio needs, for as long as the mesh exists. Does nothing in a cluster without Cilium.
// The state is kept in the cluster itself, and each step starts from it. Therefore the next run completes a killed run,
// and two concurrent runs do the same work once:
// 1. One write to the ConfigMap sets the options, their former values and a restart's id. It is refused if the
// ConfigMap has changed meanwhile.
// 2. The restart's id is written into the DaemonSet's pod template, which restarts the pods. Writing the same id
// again changes nothing.
// 3. If a restarted agent does not become ready, the restart stops: options and template are reverted to their state
// before the step.
// 4. `delete` restores the former values and removes the id. This restores the former template, so its pods restart
// once more.
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { PodNotBack } from "../../kube/rollout.ts";
import {
  type Changes,
  changeWords,
  type Entries,
  ISTIO_SETTINGS,
  L7_PROXY,
  memoryOf,
  planPatch,
  planWords,
  SETTING_NAMES,
} from "../../mesh/ciliumSettings.ts";
import {
  type Cilium,
  configName,
  dataOf,
  findCilium,
  LABEL,
  l7Uses,
  refuseManualUpdates,
  restartOf,
  writeConfig,
  writeRestart,
} from "../ciliumInCluster.ts";
import { inNamespace, putBack, restarted, takenBack, type Written } from "../ciliumPutBack.ts";
import type { Change, Kind, Step } from "../kind.ts";

const inputs = z.strictObject({
  /** Namespace of Cilium; if undefined, all namespaces are searched. */
  namespace: z.string().optional(),
  /** Keys that the program does not set. */
  leave: z.array(z.enum(SETTING_NAMES)).default([]),
  /** Longest time without progress of Cilium's restart, in seconds. */
  awaitSeconds: z.number(),
});
type Inputs = z.output<typeof inputs>;

type Outputs = {
  /** Cilium's namespace; null if the cluster has no Cilium. */
  readonly foundIn: string | null;
  /** Values of those keys that exist, as the step left them or as a refresh found them. */
  readonly settings: Entries;
  /** Text of the ConfigMap's annotation; empty if it has none. */
  readonly memory: string;
};

const NONE: Outputs = { foundIn: null, settings: {}, memory: "" };

export const ciliumSettings: Kind<Inputs, Outputs> = {
  inputs,
  identity: ({ namespace, leave = [] }) => ({ namespace, leave: leave.toSorted() }),

  drift({ leave }, { foundIn, settings, memory }): Change[] {
    if (!foundIn) return [];
    const words = planWords(settings, planPatch(settings, memoryOf(memory)?.former, leave));
    return words === undefined ? [] : [{ property: "settings", words }];
  },

  async plan(step, outputs) {
    const { cluster, inputs } = step;
    const cilium = await findCilium(cluster.objects, inputs.namespace);
    if (cilium === undefined) return [];
    const plan = planPatch(dataOf(cilium), cilium.memory?.former, inputs.leave);
    const words = planWords(dataOf(cilium), plan);
    // The preview already displays the differences from `drift`.
    const shown = outputs === undefined ? [] : (ciliumSettings.drift?.(inputs, outputs) ?? []);
    const isShown = words === undefined || shown.some((change) => change.words === words);
    return [...(isShown ? [] : [words]), ...Object.values(plan.foreign).map((line) => `cilium-config: ${line}`)];
  },

  create: patch,

  async read({ cluster, inputs: { namespace, leave }, warn }) {
    const cilium = await findCilium(cluster.objects, namespace);
    if (cilium === undefined) return NONE;
    const { foreign } = planPatch(dataOf(cilium), cilium.memory?.former, leave);
    for (const line of Object.values(foreign)) warn(`${configName(cilium)}: ${line}`);
    return outputsOf(cilium);
  },

  async update(step, { foundIn }) {
    const { namespace } = step.inputs;
    if (foundIn !== null && namespace !== undefined && namespace !== foundIn) await putBack(inNamespace(step, foundIn));
    return patch(step);
  },

  delete: (step, { foundIn }) => putBack(inNamespace(step, foundIn)),
};

async function patch(step: Step<Inputs>): Promise<Outputs> {
  const { cluster, inputs, signal, warn } = step;
  const { objects } = cluster;
  let written: Written | undefined;
  /** Whether this step began the restart. */
  let isBegun = false;
  for (;;) {
    signal.throwIfAborted();
    const cilium = await findCilium(objects, inputs.namespace);
    if (cilium === undefined) {
      if (inputs.namespace === undefined) return NONE;
      throw new Error(
        `no DaemonSet with the label ${LABEL} in namespace "${inputs.namespace}"; correct the cluster's cilium.namespace, ` +
          "or remove it to search all namespaces",
      );
    }
    let { memory } = cilium;
    const { changes, former, foreign } = planPatch(dataOf(cilium), memory?.former, inputs.leave);
    const isChanged = Object.keys(changes).length > 0;
    if (!isChanged && memory === undefined) return outputsOf(cilium);
    // If another client resets a key after this step wrote it, only report this, without a second restart.
    const isOurs = memory !== undefined && memory.restart === written?.memory.restart;
    if (!isOurs && (isChanged || !isDeepStrictEqual(former, memory?.former))) {
      refuseManualUpdates(cilium);
      if (changes[L7_PROXY] === ISTIO_SETTINGS[L7_PROXY]) await refuseL7(step, cilium);
      const next = { former, restart: isChanged || memory === undefined ? randomUUID() : memory.restart };
      if (!(await writeConfig(objects, cilium, changes, next))) continue;
      if (isChanged) {
        written = { before: valuesOf(cilium, Object.keys(changes)), changes, memory: next, formerMemory: memory };
      }
      memory = next;
    }
    if (memory === undefined) continue;
    if (restartOf(cilium) !== memory.restart) {
      if (!(await writeRestart(objects, cilium, memory.restart))) continue;
      isBegun = true;
    }
    for (const line of Object.values(foreign)) warn(`${configName(cilium)}: ${line}`);
    try {
      await restarted(step, cilium, memory.restart);
    } catch (error) {
      if (!(error instanceof PodNotBack)) throw error;
      // All agents had already restarted before this step. One agent that is not ready now is no reason to revert the
      // settings.
      if (!isBegun && error.left === 0) throw error;
      throw await takenBack(step, cilium, written, memory, error);
    }
    return reported(step, cilium.namespace, foreign);
  }
}

function valuesOf(cilium: Cilium, keys: readonly string[]): Changes {
  return Object.fromEntries(keys.map((key) => [key, dataOf(cilium)[key] ?? null]));
}

function outputsOf(cilium: Cilium, settings: Changes = dataOf(cilium)): Outputs {
  const { namespace, memory } = cilium;
  const known = SETTING_NAMES.flatMap((key) => (typeof settings[key] !== "string" ? [] : [[key, settings[key]]]));
  return { foundIn: namespace, settings: Object.fromEntries(known), memory: memory ? JSON.stringify(memory) : "" };
}

/** @throws Error if objects use the layer 7 proxy that is about to be disabled */
async function refuseL7({ cluster }: Step<Inputs>, cilium: Cilium): Promise<void> {
  const uses = await l7Uses(cluster.objects, cilium);
  if (uses.length === 0) return;
  const shown = uses.length > 20 ? [...uses.slice(0, 20), `and ${uses.length - 20} more`] : uses;
  throw new Error(
    `Cilium's layer 7 proxy is in use, and Istio needs it off (${L7_PROXY} "false"). These would stop working, ` +
      `and agents of some releases would not start:\n${shown.map((line) => `  - ${line}\n`).join("")}` +
      `Add ${L7_PROXY} to the cluster's cilium.leave, or remove them, then run "pulumi up" again. Cilium was not changed.`,
  );
}

/**
 * The outputs of the step, with a warning for each key that was changed meanwhile. Such a key is recorded as set until
 * the next refresh.
 */
async function reported({ cluster, inputs, warn }: Step<Inputs>, namespace: string, known: Entries): Promise<Outputs> {
  const cilium = await findCilium(cluster.objects, namespace);
  if (cilium === undefined) return NONE;
  const { changes, foreign } = planPatch(dataOf(cilium), cilium.memory?.former, inputs.leave);
  for (const [key, line] of Object.entries(foreign)) if (!(key in known)) warn(`${configName(cilium)}: ${line}`);
  if (Object.keys(changes).length > 0) {
    const inverse = changeWords(changes, valuesOf(cilium, Object.keys(changes)));
    warn(
      `${configName(cilium)}: changed outside this stack during Cilium's restart: ${inverse}. It was not changed again, to avoid a second restart; ` +
        '"pulumi up --refresh" sets it again',
    );
  }
  return outputsOf(cilium, { ...dataOf(cilium), ...changes });
}
