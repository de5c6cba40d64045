// Ensures that every measurement starts in the same state: with unchanged clusters and an idle machine.
import { setTimeout as pause } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import type { Lab } from "../lab/up.ts";
import { waitFor } from "../lab/wait.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "../tests/e2e/apiSnapshot.ts";
import { processorTime } from "./processorTime.ts";

const AS_BEFORE_WITHIN = 60_000;
/** Longest wait for an idle machine, in ms. Other programs may keep it busy. */
const IDLE_WITHIN = 60_000;
/**
 * Busy share of the processors above which the machine is not idle. Idle clusters use about a tenth of two processors.
 */
const BUSY = 0.35;
/** Period over which the share is measured, in ms. */
const LOOK = 2_000;

export interface CleanSlate {
  /** @throws Error that lists new, missing and changed objects */
  clustersAsBefore(): Promise<void>;
  /** @returns the busy share of the processors at the end, 0 to 1 */
  machineIdle(): Promise<number>;
}

/** Records the clusters' objects after their start has finished. */
export async function cleanSlate(lab: Lab): Promise<CleanSlate> {
  const configs = lab.clusters.map(({ kubeconfigName }) => {
    const config = new KubeConfig();
    config.loadFromFile(`${lab.dir}/kubeconfig`);
    config.setCurrentContext(kubeconfigName);
    return config;
  });
  const look = (): Promise<ApiSnapshot[]> => Promise.all(configs.map(apiSnapshot));
  await machineIdle();
  const before = await look();
  return {
    machineIdle,
    async clustersAsBefore() {
      await waitFor("the clusters as they were before", AS_BEFORE_WITHIN, async () => {
        const now = await look();
        const left = before.flatMap((snapshot, index) =>
          apiDifference(snapshot, now[index] ?? new Map()).map((line) => `${lab.clusters[index]?.name}: ${line}`),
        );
        return left.length === 0 ? true : left.join("\n");
      });
    },
  };
}

async function machineIdle(): Promise<number> {
  const deadline = performance.now() + IDLE_WITHIN;
  let last = processorTime();
  for (;;) {
    await pause(LOOK);
    const now = processorTime();
    const busy = (now.busy - last.busy) / Math.max(0.01, now.total - last.total);
    last = now;
    if (busy < BUSY || performance.now() > deadline) return busy;
  }
}
