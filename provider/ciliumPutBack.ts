// Restores Cilium: when the mesh is destroyed, and when its agents fail with new settings.
import { onEachInTurn } from "../kube/onEach.ts";
import { type PodNotBack, rollout } from "../kube/rollout.ts";
import { type Changes, changeWords, ISTIO_SETTINGS, type Memory, planRestore } from "../mesh/ciliumSettings.ts";
import {
  type Cilium,
  configName,
  dataOf,
  findCilium,
  idOf,
  ourRevisions,
  restartIn,
  restartOf,
  writeConfig,
  writeRestart,
} from "./ciliumInCluster.ts";
import type { Step } from "./kind.ts";

/** A step on Cilium: its namespace, and the longest time without progress of its restart, in seconds. */
export type CiliumStep = Step<{ readonly namespace?: string | undefined; readonly awaitSeconds: number }>;

/** The changes of a step, to be reverted if Cilium's agents fail with them. */
export interface Written {
  readonly before: Changes;
  readonly changes: Changes;
  readonly memory: Memory;
  readonly formerMemory: Memory | undefined;
}

/** Waits for Cilium's restart. @throws PodNotBack if a pod does not become ready, or Error */
export const restarted = ({ cluster, inputs, signal }: CiliumStep, cilium: Cilium, restart: string | undefined) =>
  rollout(cluster.objects, idOf(cilium), {
    seconds: inputs.awaitSeconds,
    signal,
    isRestarted: (pod) => restartIn(pod) === restart,
  });

export function inNamespace<S extends CiliumStep>(step: S, found: string | null | undefined): S {
  return found ? { ...step, inputs: { ...step.inputs, namespace: found } } : step;
}

/**
 * Reverts the settings of a step after a failed restart. If a killed run wrote them, all former values are restored.
 *
 * @param written undefined if this step wrote nothing
 * @returns the error to throw
 */
export async function takenBack(
  step: CiliumStep,
  cilium: Cilium,
  written: Written | undefined,
  memory: Memory,
  failure: PodNotBack,
): Promise<Error> {
  const { before, changes } = written ?? { before: memory.former, changes: ISTIO_SETTINGS };
  const keys = Object.keys(before);
  const words = changeWords(before, Object.fromEntries(keys.map((key) => [key, changes[key] ?? null])));
  const outcome = await putBack(inNamespace(step, cilium.namespace), written).then(
    () => `The restart was stopped: ${configName(cilium)} has its former values, and the agents are ready again.`,
    (error: Error) => `${configName(cilium)} could not be restored to its former values: ${error.message}`,
  );
  return new Error(
    `Cilium does not become ready with ${words}\n${failure.message}\n${outcome}\n` +
      `Exclude the keys that its agents do not accept (cilium.leave of the cluster, keys: ${keys.join(", ")}), or set up Cilium ` +
      'yourself (cilium.patch: false), or repair the agents. Then run "pulumi up" again.',
  );
}

/** Reverts the changes of a step or, without `written`, restores all former values. Idempotent. */
export async function putBack(step: CiliumStep, written?: Written): Promise<void> {
  const { cluster, inputs, signal, warn } = step;
  const { objects } = cluster;
  const next = written?.formerMemory;
  for (;;) {
    signal.throwIfAborted();
    const cilium = await findCilium(objects, inputs.namespace);
    if (cilium === undefined) return;
    const { memory } = cilium;
    // Do not revert settings that another step has written since.
    const known = [written?.memory.restart, next?.restart];
    if (written !== undefined && memory !== undefined && !known.includes(memory.restart)) return;
    if (memory !== undefined && memory.restart !== next?.restart) {
      const { changes, foreign } = planRestore(dataOf(cilium), written?.before ?? memory.former, written?.changes);
      if (!(await writeConfig(objects, cilium, changes, next))) continue;
      for (const line of Object.values(foreign)) warn(`${configName(cilium)}: ${line}`);
    }
    const isRestarted = restartOf(cilium) === next?.restart;
    if (!isRestarted && !(await writeRestart(objects, cilium, next?.restart))) continue;
    // A killed run may have written the values without restarting the pods. Skip the restart only if no former template
    // has our annotation.
    if (next === undefined && isRestarted && (await ourRevisions(objects, cilium)).length === 0) return;
    await restarted(step, cilium, next?.restart);
    if (next !== undefined) return;
    await onEachInTurn(await ourRevisions(objects, cilium), (revision) => objects.delete(revision));
    return;
  }
}
