// Output of `npm run lab:status`: whether each machine runs, its restarts, and its memory.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { processesIn } from "./cgroup.ts";
import { cloudDir } from "./cloud.ts";
import { inWords } from "./log.ts";
import { isRunning } from "./machine.ts";
import type { LabSpec } from "./spec.ts";

/** Proportional set size in MiB: a shared page is divided among the processes that share it. */
export function memoryOf(cgroup: string): number {
  let kibibytes = 0;
  for (const pid of processesIn(cgroup)) {
    try {
      kibibytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      // The process has ended meanwhile.
    }
  }
  return Math.round(kibibytes / 1024);
}

export async function printStatus(lab: LabSpec): Promise<void> {
  const machines = [
    ...lab.clusters.map(({ name, dir, cgroup, kubeconfigName }) => ({ name, dir, cgroup, context: kubeconfigName })),
    { name: "clouds", dir: cloudDir(lab), cgroup: `${lab.cgroup}/cloud`, context: "" },
  ];
  for (const { name, dir, cgroup, context } of machines) {
    if (!isRunning(dir)) {
      console.log(`${name.padEnd(10)} ${inWords("not running")}`);
      continue;
    }
    const restarts = Object.entries(restartsIn(dir)).filter(([, count]) => count > 0);
    const restarted =
      restarts.length === 0 ? "" : `  ${inWords("restarted:")} ${restarts.map(([p, n]) => `${p} ${n}x`).join(", ")}`;
    console.log(
      `${name.padEnd(10)} ${inWords("running")}  ${String(memoryOf(cgroup)).padStart(5)} MiB  ${context}${restarted}`,
    );
  }
  if (machines.some(({ dir }) => isRunning(dir))) printByHand(lab);
}

/** Prints how to run commands on the lab's mesh. */
export function printByHand({ dir }: Pick<LabSpec, "dir">): void {
  const lab = relative("", dir);
  console.log(
    inWords(
      `\nBy hand:  . ${lab}/env; npm run mesh -- status --config-file ${lab}/Pulumi.lab.yaml   logs: ${lab}/clusters/*/logs`,
    ),
  );
}

function restartsIn(dir: string): Record<string, number> {
  const file = join(dir, "logs", "restarts.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}
