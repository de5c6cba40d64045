// Every measurement begins where the one before began: with the same clusters, and with a machine that has nothing left to do.
import { setTimeout as pause } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import type { Lab } from "../lab/up.ts";
import { waitFor } from "../lab/wait.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "../tests/e2e/apiSnapshot.ts";
import { processorTime } from "./processorTime.ts";

const AS_BEFORE_WITHIN = 60_000;
/** Longest wait for an idle machine, in ms: what keeps it busy may be somebody else's. */
const IDLE_WITHIN = 60_000;
/** Share of the processors' time; clusters that do nothing take about a tenth of two. */
const BUSY = 0.35;
/** Over which that share is taken, in ms. */
const LOOK = 2_000;

export interface CleanSlate {
  /** @throws Error with the objects that are new, gone or not as they were. */
  clustersAsBefore(): Promise<void>;
  /** @returns the share of the processors' time that was still used at the end, 0 to 1. */
  machineIdle(): Promise<number>;
}

/** Remembers the clusters as they are as soon as nothing of their start is going on. */
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
