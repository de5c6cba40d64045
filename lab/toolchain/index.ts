// Everything that the lab runs, obtained on a fresh Linux machine.
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { say } from "../log.ts";
import { cacheRoot } from "./cache.ts";
import { findGo } from "./go.ts";
import { isCached, NOT_TO_BE_HAD, obtain, type Sources, type Tool, tryObtain } from "./obtain.ts";
import { lookUp } from "./onPath.ts";
import { cniFolder, ensurePip, ensureRunningPackages } from "./packages.ts";
import { releasesFrom } from "./releases.ts";
import * as tools from "./tools.ts";

export { cacheRoot } from "./cache.ts";
export { versions } from "./versions.ts";

/** Absolute paths. */
export interface Toolchain {
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
  readonly kubelet: string;
  readonly kubeProxy: string;
  readonly etcd: string;
  readonly coredns: string;
  readonly metricsServer: string;
  readonly pilotAgent: string;
  readonly pilotDiscovery: string;
  /** Folder with the charts `base` and `istiod`, as `helm pull --untar` leaves them. */
  readonly istioCharts: string;
  readonly envoyBootstrap: string;
  readonly envoy: string;
  /** Folder of manifests. */
  readonly gatewayApiCrds: string;
  readonly reviews: string;
  readonly pause: string;
  readonly containerd: string;
  readonly ctr: string;
  readonly runc: string;
  readonly iptables: string;
  /** Folder of the CNI plugins. */
  readonly cniBin: string;
  /** Folder to be put first on PATH: the pulumi command, its language host and its plugins. */
  readonly pulumiBin: string;
}

/**
 * Obtains what is missing, one tool after the other, and says so; asks nothing of the network once all is cached.
 *
 * `CSP_MESH_RELEASES` names a mirror of the official releases (see `releasesFrom`), for closed networks.
 *
 * @param labDir folder of the lab's state; `bin` in it becomes the toolchain's `pulumiBin`.
 */
export async function ensureToolchain(labDir: string): Promise<Toolchain> {
  const pulumiBin = join(labDir, "bin");
  // What an earlier run put there is no tool of the machine.
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== pulumiBin)
    .join(delimiter);
  await ensureRunningPackages(path);
  const sources = sourcesOf(path);

  const kubernetes = await obtain(tools.kubernetes, sources);
  const { etcd } = await obtain(tools.etcd, sources);
  const { coredns } = await obtain(tools.coredns, sources);
  const { "metrics-server": metricsServer } = await obtain(tools.metricsServer, sources);
  const istio = await obtain(tools.istio, sources);
  const istioFiles = await obtain(tools.istioFiles, sources);
  const { standard: gatewayApiCrds } = await obtain(tools.gatewayApi, sources);
  const { envoy } = await obtain(tools.envoy, sources);
  const { reviews } = await obtain(tools.reviews, sources);
  const { pause } = await obtain(tools.pause, sources);
  await fillPulumiBin(pulumiBin, sources);

  return {
    kubeApiserver: kubernetes["kube-apiserver"],
    kubeControllerManager: kubernetes["kube-controller-manager"],
    kubeScheduler: kubernetes["kube-scheduler"],
    kubelet: kubernetes.kubelet,
    kubeProxy: kubernetes["kube-proxy"],
    etcd,
    coredns,
    metricsServer,
    pilotAgent: istio["pilot-agent"],
    pilotDiscovery: istio["pilot-discovery"],
    istioCharts: istioFiles.charts,
    envoyBootstrap: istioFiles["envoy_bootstrap.json"],
    envoy,
    gatewayApiCrds,
    reviews,
    pause,
    containerd: installed("containerd", path),
    ctr: installed("ctr", path),
    runc: installed("runc", path),
    iptables: installed("iptables", path),
    cniBin: cniFolder() ?? installed("CNI plugins", path),
    pulumiBin,
  };
}

/** Path of the real istioctl, built when it is first asked for. */
export async function ensureIstioctl(): Promise<string> {
  const { istioctl } = await obtain(tools.istioctl, sourcesOf(process.env.PATH ?? ""));
  return istioctl;
}

/** Path of the CNCF's registry, likewise. */
export async function ensureRegistry(): Promise<string> {
  const { registry } = await obtain(tools.registry, sourcesOf(process.env.PATH ?? ""));
  return registry;
}

/** Path of the helm command, likewise. */
export async function ensureHelm(): Promise<string> {
  const { helm } = await obtain(tools.helm, sourcesOf(process.env.PATH ?? ""));
  return helm;
}

/** Path of a kubectl of the clusters' version, likewise. */
export async function ensureKubectl(): Promise<string> {
  const { kubectl } = await obtain(tools.kubectl, sourcesOf(process.env.PATH ?? ""));
  return kubectl;
}

/** Path of the lab's stand-in for a plugin (`tls`), likewise. */
export async function ensureStandIn(name: string): Promise<string> {
  const plugin = tools.releasedPlugins.find(({ official }) => official.name === `pulumi-resource-${name}`);
  if (plugin === undefined) throw new Error(`${name}: the lab has no stand-in for this plugin`);
  const [file = ""] = Object.values(await obtain(plugin.standIn, sourcesOf(process.env.PATH ?? "")));
  return file;
}

/** Names of the tools that a run would have to download or build, or find on PATH. */
export function uncachedTools(cache: string = cacheRoot()): string[] {
  const all = [
    tools.kubernetes,
    tools.etcd,
    tools.coredns,
    tools.metricsServer,
    tools.istio,
    tools.istioFiles,
    tools.gatewayApi,
    tools.envoy,
    tools.reviews,
    tools.pause,
    tools.pulumi,
    tools.pulumiKubernetes,
  ];
  return all.filter((tool) => !isCached(tool, cache)).map((tool) => tool.name);
}

function sourcesOf(path: string): Sources {
  const cache = cacheRoot();
  const releases = releasesFrom(process.env.CSP_MESH_RELEASES, tools.releaseHosts);
  return {
    cache,
    path,
    releases,
    go: once(() => findGo(path, cache, releases)),
    pip: once(() => findPip(path)),
  };
}

async function findPip(path: string): Promise<string> {
  await ensurePip(path);
  return installed("pip3", path);
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

function installed(command: string, path: string): string {
  const found = lookUp(command, path);
  if (found === undefined)
    throw new Error(`${command}: still missing after its package was installed; look at its files`);
  return found;
}

/** Links, because the cache is shared by checkouts. */
async function fillPulumiBin(bin: string, sources: Sources): Promise<void> {
  const files: Record<string, string> = {
    ...(await obtain(tools.pulumi, sources)),
    ...(await obtain(tools.pulumiKubernetes, sources)),
  };
  const missing: Tool[] = [];
  for (const { official, standIn } of tools.releasedPlugins) {
    const found = await tryObtain(official, sources);
    if (found === undefined) missing.push(official);
    Object.assign(files, found ?? (await obtain(standIn, sources)));
  }
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    say(`${names}: stand-ins of the lab; remove ${sources.cache}/*${NOT_TO_BE_HAD} to ask for the official ones again`);
  }
  await mkdir(bin, { recursive: true });
  for (const [name, path] of Object.entries(files)) await link(path, join(bin, name));
}

/** Replaces in one step: another run may just start the old one. */
async function link(target: string, name: string): Promise<void> {
  const next = `${name}.${process.pid}`;
  await rm(next, { force: true });
  await symlink(target, next);
  await rename(next, name);
}
