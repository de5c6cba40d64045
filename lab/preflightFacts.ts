// Reads the facts about this machine that preflight needs.
import { existsSync, readFileSync } from "node:fs";
import { access, constants, stat, statfs } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { dirname } from "node:path";
import { execa } from "execa";

export interface Address {
  readonly cidr: string;
  readonly link: string;
  readonly kind: "address" | "route";
}

export interface Disk {
  readonly path: string;
  /** Number of the file system, to recognise folders that share one. */
  readonly device: number;
  readonly free: number;
}

export interface Facts {
  readonly platform: string;
  readonly arch: string;
  readonly uid: number;
  /** Effective capabilities, a bit mask. */
  readonly capabilities: bigint;
  /** IPv4. */
  readonly addresses: readonly Address[];
  /** Bytes. */
  readonly memoryAvailable: number;
  readonly state: Disk;
  readonly cache: Disk;
  /** Tools that must still be downloaded or built. */
  readonly uncached: readonly string[];
  readonly controllers: readonly string[];
  readonly cgroupsWritable: boolean;
}

export async function readFacts(given: {
  readonly stateDir: string;
  readonly cacheDir: string;
  readonly uncached: readonly string[];
}): Promise<Facts> {
  const status = readFileSync("/proc/self/status", "utf8");
  const meminfo = readFileSync("/proc/meminfo", "utf8");
  return {
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.() ?? -1,
    capabilities: BigInt(`0x${status.match(/^CapEff:\s+(\w+)/m)?.[1] ?? "0"}`),
    addresses: [...ownAddresses(), ...(await routes())],
    memoryAvailable: Number(meminfo.match(/^MemAvailable:\s+(\d+) kB/m)?.[1] ?? 0) * 1024,
    state: await diskOf(given.stateDir),
    cache: await diskOf(given.cacheDir),
    uncached: given.uncached,
    controllers: cgroupControllers(),
    cgroupsWritable: await access("/sys/fs/cgroup", constants.W_OK).then(
      () => true,
      () => false,
    ),
  };
}

function ownAddresses(): Address[] {
  return Object.entries(networkInterfaces()).flatMap(([link, addresses = []]) =>
    addresses.flatMap(({ family, cidr }) =>
      family === "IPv4" && cidr ? [{ cidr, link, kind: "address" as const }] : [],
    ),
  );
}

interface IpRoute {
  readonly dst: string;
  readonly dev?: string;
}

/** Routes in all tables, because VPNs use their own. Empty if the ip command is not installed yet. */
async function routes(): Promise<Address[]> {
  const { stdout } = await execa("ip", ["-4", "-j", "route", "show", "table", "all"], { reject: false });
  const all: IpRoute[] = JSON.parse(stdout || "[]");
  return all
    .filter(({ dst }) => dst !== "default")
    .map(({ dst, dev }) => ({ cidr: dst, link: dev ?? "no link", kind: "route" }));
}

/** File system of the nearest existing folder, because the folder itself is created later. */
async function diskOf(path: string): Promise<Disk> {
  let folder = path;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  return { path, device: (await stat(folder)).dev, free: bavail * bsize };
}

function cgroupControllers(): string[] {
  const unified = "/sys/fs/cgroup/cgroup.controllers";
  if (existsSync(unified)) return readFileSync(unified, "utf8").trim().split(" ");
  return readFileSync("/proc/cgroups", "utf8")
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(([, hierarchy, , enabled]) => enabled === "1" && hierarchy !== "0")
    .map(([name = ""]) => name);
}
