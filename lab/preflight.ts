// Whether the lab can run on this machine. Checked before anything is changed; all obstacles are reported at once.
import { type Disk, type Facts, readFacts } from "./preflightFacts.ts";
import { cacheRoot, type Lines, uncachedTools } from "./toolchain/index.ts";

const GIB = 1024 ** 3;

/** Measured: a cluster with Istio and the sample uses 1.3 GiB. The rest is a reserve for peaks. */
const MEMORY_PER_CLUSTER = 1.4 * GIB;
/** Measured: `pulumi up` with its plugins and Node, and a reserve for the machine itself. */
const MEMORY_BESIDE = 2 * GIB;
/** Measured: a cluster's unpacked images, etcd and logs. */
const DISK_PER_CLUSTER = 1.5 * GIB;
/** Measured without any cache: Go modules 7 GiB, Go build cache 12 GiB, the tools 1 GiB. */
const DISK_FOR_BUILDS = 20 * GIB;

/** Controllers that kubelet needs. */
const CONTROLLERS = ["cpu", "cpuset", "memory", "pids"];

/** Capabilities with their bit numbers, needed to create namespaces, mounts and links. */
const CAPABILITIES = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21 };

export interface LabRequirements {
  /** Addresses of the network between the providers, in CIDR notation. */
  readonly range: string;
  readonly clusters: number;
  readonly stateDir: string;
  /** The lab's own link on this machine, whose addresses and routes are no obstacle. */
  readonly link: string;
}

/** Throws one error with all obstacles, each with its remedy. */
export async function preflight(wanted: LabRequirements, lines: Lines): Promise<void> {
  // On other systems the facts cannot be read.
  const reasons =
    process.platform === "linux" ? obstacles(await read(wanted, lines), wanted) : [notLinux(process.platform)];
  if (reasons.length > 0)
    throw new Error(["the lab cannot run here:", ...reasons.map((reason) => `- ${reason}`)].join("\n"));
}

function read({ stateDir }: LabRequirements, lines: Lines): Promise<Facts> {
  return readFacts({ stateDir, cacheDir: cacheRoot(), uncached: uncachedTools(lines) });
}

/** Derives the obstacles from the facts. */
export function obstacles(facts: Facts, wanted: LabRequirements): string[] {
  if (facts.platform !== "linux") return [notLinux(facts.platform)];
  return [
    ...processor(facts),
    ...privileges(facts),
    ...cgroups(facts),
    ...overlaps(facts, wanted),
    ...memory(facts, wanted),
    ...disks(facts, wanted),
  ];
}

function notLinux(platform: string): string {
  return `this is ${platform}, and the lab is made of Linux namespaces and cgroups: run it on Linux, for example in a virtual machine.`;
}

function processor({ arch }: Facts): string[] {
  if (arch === "x64" || arch === "arm64") return [];
  return [`the processor is ${arch}, and Envoy is published for x64 and arm64 only: use a machine with one of those.`];
}

function privileges({ uid, capabilities }: Facts): string[] {
  if (uid !== 0)
    return [
      `the user id is ${uid}, but only root may create network namespaces and mounts: run it as root, with sudo.`,
    ];
  const lacking = Object.entries(CAPABILITIES)
    .filter(([, bit]) => ((capabilities >> BigInt(bit)) & 1n) === 0n)
    .map(([name]) => name);
  if (lacking.length === 0) return [];
  return [`root lacks ${lacking.join(" and ")} here: run it outside of the container, or in a privileged one.`];
}

function cgroups({ controllers, cgroupsWritable }: Facts): string[] {
  const lacking = CONTROLLERS.filter((name) => !controllers.includes(name));
  const reasons: string[] = [];
  if (lacking.length > 0) {
    reasons.push(
      `the kernel offers no cgroup controller ${lacking.join(", ")}, which kubelet needs: enable it on the kernel's command ` +
        "line, for memory by cgroup_enable=memory, and mount it.",
    );
  }
  if (!cgroupsWritable) {
    reasons.push("/sys/fs/cgroup is read-only: run it outside of the container, or mount it writable.");
  }
  return reasons;
}

function overlaps({ addresses }: Facts, { range, link }: LabRequirements): string[] {
  const inTheWay = addresses.filter((address) => address.link !== link && overlap(address.cidr, range));
  // A link's address also creates routes, so report each link only once.
  return [...new Map(inTheWay.toReversed().map((address) => [address.link, address])).values()]
    .toReversed()
    .map(
      ({ kind, cidr, link: other }) =>
        `the lab's network ${range} overlaps the ${kind} ${cidr} of ${other}: remove that ${kind}, or use a machine without it.`,
    );
}

/** Routes for at least half of all addresses are effectively default routes (VPNs use 0.0.0.0/1 and 128.0.0.0/1). */
const WIDEST = 2;

function overlap(a: string, b: string): boolean {
  const [first, second] = [parse(a), parse(b)];
  const shorter = Math.min(first.bits, second.bits);
  if (shorter < WIDEST) return false;
  return first.address >>> (32 - shorter) === second.address >>> (32 - shorter);
}

function parse(cidr: string): { address: number; bits: number } {
  const [ip = "", bits = "32"] = cidr.split("/");
  return { address: ip.split(".").reduce((sum, byte) => ((sum << 8) | Number(byte)) >>> 0, 0), bits: Number(bits) };
}

function memory({ memoryAvailable }: Facts, { clusters }: LabRequirements): string[] {
  const needed = clusters * MEMORY_PER_CLUSTER + MEMORY_BESIDE;
  if (memoryAvailable >= needed) return [];
  return [
    `${gib(memoryAvailable)} of memory is available, and ${count(clusters)} ${clusters === 1 ? "needs" : "need"} ` +
      `${gib(needed)}: end other programs, or start fewer clusters.`,
  ];
}

function disks({ state, cache, uncached }: Facts, { clusters }: LabRequirements): string[] {
  const forClusters = clusters * DISK_PER_CLUSTER;
  const forBuilds = uncached.length > 0 ? DISK_FOR_BUILDS : 0;
  const builds = `${gib(forBuilds)} to build ${uncached.join(", ")}`;
  if (state.device === cache.device && forBuilds > 0) {
    return disk(state, forClusters + forBuilds, `${count(clusters)} (${gib(forClusters)}) and ${builds}`);
  }
  return [...disk(state, forClusters, count(clusters)), ...(forBuilds > 0 ? disk(cache, forBuilds, builds) : [])];
}

function disk({ path, free }: Disk, needed: number, purpose: string): string[] {
  if (free >= needed) return [];
  return [
    `${gib(free)} of disk is free at ${path}, and ${gib(needed)} is needed for ${purpose}: free some, or move that folder.`,
  ];
}

function count(clusters: number): string {
  return clusters === 1 ? "1 cluster" : `${clusters} clusters`;
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
