// Provides all tools of the lab on a fresh Linux machine.
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { say } from "../log.ts";
import { cacheRoot } from "./cache.ts";
import { findGo } from "./go.ts";
import { isCached, obtain, type Sources, type Tool, tryObtain, UNAVAILABLE } from "./obtain.ts";
import { lookUp } from "./onPath.ts";
import { cniFolder, ensurePip, ensureRunningPackages } from "./packages.ts";
import { releasesFrom } from "./releases.ts";
import type { IstioVersion } from "./tools.ts";
import * as tools from "./tools.ts";
import { envoyOf, versions } from "./versions.ts";

export { cacheRoot } from "./cache.ts";
export type { IstioVersion } from "./tools.ts";
export { envoyOf, otherKubernetes, versions } from "./versions.ts";

export interface KubernetesPrograms {
  readonly apiserver: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly kubelet: string;
  readonly proxy: string;
}

export interface IstioFiles {
  readonly version: IstioVersion;
  readonly pilotAgent: string;
  readonly pilotDiscovery: string;
  /** Folder with the charts `base` and `istiod`, in the layout of `helm pull --untar`. */
  readonly charts: string;
  readonly envoyBootstrap: string;
  readonly envoy: string;
}

/** Additional versions for a lab. */
export interface Lines {
  /** Versions of Kubernetes that its clusters run. */
  readonly kubernetes: readonly string[];
  /** Versions of Istio besides the default. */
  readonly istio: readonly IstioVersion[];
}

/** Absolute paths. */
export interface Toolchain {
  /** By version. */
  readonly kubernetes: Readonly<Record<string, KubernetesPrograms>>;
  readonly etcd: string;
  readonly coredns: string;
  readonly metricsServer: string;
  /** The default first. */
  readonly istio: readonly [IstioFiles, ...IstioFiles[]];
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
 * Downloads or builds missing tools one after the other, and prints each step. If all are cached, it needs no network.
 * `CSP_MESH_RELEASES` names a mirror of the official releases (see `releasesFrom`), for closed networks.
 *
 * @param labDir folder of the lab's state, in which `bin` becomes the toolchain's `pulumiBin`
 */
export async function ensureToolchain(labDir: string, lines: Lines): Promise<Toolchain> {
  const pulumiBin = join(labDir, "bin");
  // Ignore the folder that an earlier run created.
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== pulumiBin)
    .join(delimiter);
  await ensureRunningPackages(path);
  const sources = sourcesOf(path);

  const kubernetes: Record<string, KubernetesPrograms> = {};
  for (const version of lines.kubernetes) kubernetes[version] ??= await kubernetesPrograms(version, sources);
  const { etcd } = await obtain(tools.etcd, sources);
  const { coredns } = await obtain(tools.coredns, sources);
  const { "metrics-server": metricsServer } = await obtain(tools.metricsServer, sources);
  const istio: [IstioFiles, ...IstioFiles[]] = [await istioFiles(versions.istio, sources)];
  for (const version of lines.istio) istio.push(await istioFiles(version, sources));
  const { standard: gatewayApiCrds } = await obtain(tools.gatewayApi, sources);
  const { reviews } = await obtain(tools.reviews, sources);
  const { pause } = await obtain(tools.pause, sources);
  await fillPulumiBin(pulumiBin, sources);

  return {
    kubernetes,
    etcd,
    coredns,
    metricsServer,
    istio,
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

async function kubernetesPrograms(version: string, sources: Sources): Promise<KubernetesPrograms> {
  const found = await obtain(tools.kubernetes(version), sources);
  return {
    apiserver: found["kube-apiserver"],
    controllerManager: found["kube-controller-manager"],
    scheduler: found["kube-scheduler"],
    kubelet: found.kubelet,
    proxy: found["kube-proxy"],
  };
}

/** The programs for a cluster's Kubernetes version. */
export function kubernetesOf({ kubernetes: version }: { readonly kubernetes: string }, { kubernetes }: Toolchain) {
  const programs = kubernetes[version];
  if (programs === undefined) throw new Error(`Kubernetes ${version}: not among this lab's tools`);
  return programs;
}

async function istioFiles(version: IstioVersion, sources: Sources): Promise<IstioFiles> {
  const programs = await obtain(tools.istio(version), sources);
  const files = await obtain(tools.istioFiles(version), sources);
  const { envoy } = await obtain(tools.envoy(envoyOf[version]), sources);
  return {
    version,
    pilotAgent: programs["pilot-agent"],
    pilotDiscovery: programs["pilot-discovery"],
    charts: files.charts,
    envoyBootstrap: files["envoy_bootstrap.json"],
    envoy,
  };
}

/** Path of the real istioctl, which is built on the first call. */
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

/** Names of the tools that a run would have to download, build, or find on PATH. */
export function uncachedTools({ kubernetes, istio }: Lines, cache: string = cacheRoot()): string[] {
  const all: Tool[] = [
    ...kubernetes.map(tools.kubernetes),
    tools.etcd,
    tools.coredns,
    tools.metricsServer,
    ...[versions.istio, ...istio].flatMap((version) => [
      tools.istio(version),
      tools.istioFiles(version),
      tools.envoy(envoyOf[version]),
    ]),
    tools.gatewayApi,
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
    throw new Error(`${command}: still missing after its package was installed; check the package's files`);
  return found;
}

/** Use links, because checkouts share the cache. */
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
    say(
      `${names}: stand-ins of the lab; remove ${sources.cache}/*${UNAVAILABLE} to download the official plugins again`,
    );
  }
  await mkdir(bin, { recursive: true });
  for (const [name, path] of Object.entries(files)) await link(path, join(bin, name));
}

/** Replaces the link atomically, because another run may be starting the old program. */
async function link(target: string, name: string): Promise<void> {
  const next = `${name}.${process.pid}`;
  await rm(next, { force: true });
  await symlink(target, next);
  await rename(next, name);
}
