// Brings the lab's clusters up: the network between them, the clusters in parallel, the clouds around them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { processesIn, removeCgroup } from "./cgroup.ts";
import { cloudDir, writeCloudSettings } from "./cloud.ts";
import type { CloudInput } from "./cloudMain.ts";
import type { ClusterInput } from "./clusterMain.ts";
import { apiServerReady } from "./controlPlane.ts";
import { labDown } from "./down.ts";
import { createHostNetwork } from "./hostNetwork.ts";
import { prepareHost } from "./hostState.ts";
import { ensureImageStore } from "./imageStore.ts";
import { userKubeconfig } from "./kubeconfig.ts";
import { say, step } from "./log.ts";
import { isRunning, startMachine } from "./machine.ts";
import { ownerOf, takeOwnership } from "./ownership.ts";
import { preflight } from "./preflight.ts";
import { exemptFromProxies } from "./proxies.ts";
import { type ClusterSpec, type LabOptions, type LabSpec, labSpec } from "./spec.ts";
import { ensureToolchain, type IstioVersion, type Toolchain } from "./toolchain/index.ts";
import { completePath } from "./toolchain/onPath.ts";

export interface Lab extends LabSpec {
  readonly tools: Toolchain;
}

const script = (name: string) => join(import.meta.dirname, name);
const settingsFile = (dir: string) => join(dir, "clusters.json");

/** The settings with which a lab was created. */
export interface LabSettings {
  readonly clusters: number;
  readonly kubernetes: readonly string[];
  /** Versions in addition to the default. */
  readonly istio: readonly IstioVersion[];
  /** @default cluster.local */
  readonly clusterDomain?: string;
}

/** Settings of the lab that was last created in this folder. */
export function labSettingsIn(dir: string): LabSettings | undefined {
  const file = settingsFile(dir);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** @param istio versions with images and charts in addition to the default; the charts are in `charts-1.29.1` */
export type LabUpOptions = LabOptions & { readonly istio?: readonly IstioVersion[] };

/** Idempotent: a running lab stays unchanged, and remains of a crashed one are removed first. */
export async function labUp(options: LabUpOptions): Promise<Lab> {
  const lab = labSpec(options);
  const lines = { kubernetes: lab.clusters.map(({ kubernetes }) => kubernetes), istio: options.istio ?? [] };
  const { clusterDomain } = options;
  const wanted: LabSettings = {
    clusters: lab.clusters.length,
    ...lines,
    ...(clusterDomain !== undefined && { clusterDomain }),
  };
  completePath();
  exemptFromProxies(lab.range);
  if (await isStanding(lab, wanted)) {
    say(`${lab.clusters.length} clusters are running`);
    return { ...lab, tools: await ensureToolchain(lab.dir, lines) };
  }
  await preflight({ range: lab.range, clusters: lab.clusters.length, stateDir: lab.dir, link: lab.hostLink }, lines);
  await removeLeftovers(lab);
  mkdirSync(lab.dir, { recursive: true });
  const tools = await step("toolchain", () => ensureToolchain(lab.dir, lines));
  const images = await step("images", () => ensureImageStore(tools));
  takeOwnership(lab);
  writeFileSync(settingsFile(lab.dir), JSON.stringify(wanted));
  await prepareHost();
  await step("network between the providers", () => createHostNetwork(lab));
  await step(`${lab.clusters.length} clusters`, () => startClusters(lab, tools, images));
  await step("clouds (load balancers, DNS)", () => startCloud(lab, tools));
  writeKubeconfig(lab);
  const [istio, ...others] = tools.istio;
  for (const [name, target] of [
    ["charts", istio.charts],
    ...others.map(({ version, charts }) => [`charts-${version}`, charts] as const),
    ["gateway-api", tools.gatewayApiCrds],
  ] as const) {
    await rm(join(lab.dir, name), { force: true });
    await symlink(target, join(lab.dir, name));
  }
  return { ...lab, tools };
}

async function isStanding(lab: LabSpec, wanted: LabSettings): Promise<boolean> {
  const owner = ownerOf(lab);
  if (owner !== lab.dir) return false;
  const existing = labSettingsIn(lab.dir);
  if (existing !== undefined && !isDeepStrictEqual(existing, wanted) && processesIn(lab.cgroup).length > 0) {
    throw new Error(
      `A lab of ${settingsText(existing)} is standing, ${settingsText(wanted)} were requested: run "npm run lab:down" first.`,
    );
  }
  if (!isRunning(cloudDir(lab)) || !lab.clusters.every((cluster) => isRunning(cluster.dir))) return false;
  const answers = await Promise.all(lab.clusters.map(apiServerReady));
  return answers.every((answer) => answer === true);
}

const settingsText = ({ clusters, kubernetes, istio, clusterDomain }: LabSettings) =>
  [
    `${clusters} clusters of Kubernetes ${[...new Set(kubernetes)].join(", ")}`,
    ...istio.map((version) => `Istio ${version}`),
    ...(clusterDomain === undefined ? [] : [`the domain ${clusterDomain}`]),
  ].join(" with ");

async function removeLeftovers(lab: LabSpec): Promise<void> {
  const owner = ownerOf(lab);
  const alive = processesIn(lab.cgroup).length > 0;
  if (owner !== undefined && owner !== lab.dir && alive) {
    throw new Error(
      `A lab of another checkout is running (${owner}) and uses the address range ${lab.range}: run "npm run lab:down" first, there or here.`,
    );
  }
  if (owner !== undefined || alive || existsSync(settingsFile(lab.dir))) {
    await step("remains of a crashed lab removed", () => labDown(lab));
  }
}

/**
 * Replaces a cluster by an empty one with the same name and address, like a person who rebuilds a cluster. The new one
 * has its own CA.
 */
export async function rebuildCluster(lab: Lab, cluster: ClusterSpec): Promise<void> {
  await Promise.all([cluster.cgroup, cloudCgroup(lab)].map(removeCgroup));
  await rm(cluster.dir, { recursive: true });
  await startClusters({ ...lab, clusters: [cluster] }, lab.tools, await ensureImageStore(lab.tools));
  await startCloud(lab, lab.tools);
  writeKubeconfig(lab);
}

const cloudCgroup = (lab: LabSpec) => `${lab.cgroup}/cloud`;

function writeKubeconfig(lab: LabSpec): void {
  writeFileSync(join(lab.dir, "kubeconfig"), userKubeconfig(lab.clusters), { mode: 0o600 });
}

async function startClusters(lab: LabSpec, tools: Toolchain, images: string): Promise<void> {
  await Promise.all(
    lab.clusters.map((cluster) => {
      const input: ClusterInput = { lab: { cloudIp: lab.cloudIp }, cluster, tools, images };
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
    cgroup: cloudCgroup(lab),
    dir: cloudDir(lab),
    script: script("cloudMain.ts"),
    input,
  });
}
