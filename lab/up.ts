// Brings the lab's clusters up: the network between them, the clusters in parallel, the clouds around them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { processesIn } from "./cgroup.ts";
import { cloudDir, writeCloudSettings } from "./cloud.ts";
import type { CloudInput } from "./cloudMain.ts";
import type { ClusterInput } from "./clusterMain.ts";
import { apiServerReady } from "./controlPlane.ts";
import { labDown } from "./down.ts";
import { createHostNetwork } from "./hostNetwork.ts";
import { prepareHost } from "./hostState.ts";
import { makeImages } from "./images.ts";
import { userKubeconfig } from "./kubeconfig.ts";
import { say, step } from "./log.ts";
import { isRunning, startMachine } from "./machine.ts";
import { ownerOf, takeOwnership } from "./ownership.ts";
import { preflight } from "./preflight.ts";
import { exemptFromProxies } from "./proxies.ts";
import { type LabSpec, labSpec } from "./spec.ts";
import { cacheRoot, ensureToolchain, type Toolchain } from "./toolchain/index.ts";
import { completePath } from "./toolchain/onPath.ts";

export interface Lab extends LabSpec {
  readonly tools: Toolchain;
}

export interface LabOptions {
  readonly slot: number;
  readonly clusters: number;
  readonly dir: string;
}

const script = (name: string) => join(import.meta.dirname, name);
const clusterCountFile = (dir: string) => join(dir, "clusters.json");

/** Number of clusters of the lab that was last brought up in this folder. */
export function clustersIn(dir: string): number | undefined {
  const file = clusterCountFile(dir);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** Idempotent: a lab that stands is left as it is, what is left of one that fell is removed first. */
export async function labUp(options: LabOptions): Promise<Lab> {
  const lab = labSpec(options);
  completePath();
  exemptFromProxies(lab.range);
  if (await isStanding(lab)) {
    say(`${lab.clusters.length} clusters are standing`);
    return { ...lab, tools: await ensureToolchain(lab.dir) };
  }
  await preflight({ range: lab.range, clusters: lab.clusters.length, stateDir: lab.dir, link: lab.hostLink });
  await removeLeftovers(lab);
  mkdirSync(lab.dir, { recursive: true });
  const tools = await step("toolchain", () => ensureToolchain(lab.dir));
  const archives = await step("images", () => makeImages(tools, join(cacheRoot(), "images")));
  takeOwnership(lab);
  writeFileSync(clusterCountFile(lab.dir), JSON.stringify(lab.clusters.length));
  await prepareHost();
  await step("network between the providers", () => createHostNetwork(lab));
  await step(`${lab.clusters.length} clusters`, () => startClusters(lab, tools, archives));
  await step("clouds (load balancers, DNS)", () => startCloud(lab, tools));
  writeFileSync(join(lab.dir, "kubeconfig"), userKubeconfig(lab.clusters), { mode: 0o600 });
  for (const [name, target] of [
    ["charts", tools.istioCharts],
    ["gateway-api", tools.gatewayApiCrds],
  ] as const) {
    await rm(join(lab.dir, name), { force: true });
    await symlink(target, join(lab.dir, name));
  }
  return { ...lab, tools };
}

async function isStanding(lab: LabSpec): Promise<boolean> {
  const owner = ownerOf(lab);
  if (owner !== lab.dir) return false;
  const count = clustersIn(lab.dir);
  if (count !== undefined && count !== lab.clusters.length && processesIn(lab.cgroup).length > 0) {
    throw new Error(
      `A lab of ${count} clusters is standing, ${lab.clusters.length} were asked for: run "npm run lab:down" first.`,
    );
  }
  if (!isRunning(cloudDir(lab)) || !lab.clusters.every((cluster) => isRunning(cluster.dir))) return false;
  const answers = await Promise.all(lab.clusters.map(apiServerReady));
  return answers.every((answer) => answer === true);
}

async function removeLeftovers(lab: LabSpec): Promise<void> {
  const owner = ownerOf(lab);
  const alive = processesIn(lab.cgroup).length > 0;
  if (owner !== undefined && owner !== lab.dir && alive) {
    throw new Error(
      `A lab of another checkout is standing (${owner}), and the address range ${lab.range} is its: run "npm run lab:down" first, there or here.`,
    );
  }
  if (owner !== undefined || alive || existsSync(clusterCountFile(lab.dir))) {
    await step("a lab that fell is removed", () => labDown(lab));
  }
}

async function startClusters(lab: LabSpec, tools: Toolchain, archives: readonly string[]): Promise<void> {
  await Promise.all(
    lab.clusters.map((cluster) => {
      const input: ClusterInput = { lab: { cloudIp: lab.cloudIp }, cluster, tools, archives };
      return startMachine({ ...cluster, script: script("clusterMain.ts"), input });
    }),
  );
}

async function startCloud(lab: LabSpec, tools: Toolchain): Promise<void> {
  writeCloudSettings(lab, { delayMilliseconds: 500, pending: [] });
  const input: CloudInput = { lab, tools };
  await startMachine({
    name: "clouds",
    netns: lab.cloudNetns,
    cgroup: `${lab.cgroup}/cloud`,
    dir: cloudDir(lab),
    script: script("cloudMain.ts"),
    input,
  });
}
