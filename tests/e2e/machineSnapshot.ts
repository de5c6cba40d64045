// A snapshot of everything on a machine that a lab could change. Two equal snapshots prove that it left nothing behind.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

export type MachineSnapshot = Readonly<Record<string, readonly string[]>>;

const SYSCTLS = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "fs/inotify/max_user_instances",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
  "net/ipv4/ip_forward",
];
/** Folders in which nodes, container runtimes and network plugins leave files outside of a lab. */
const FOLDERS = [
  "/run",
  "/run/netns",
  "/var/run/netns",
  "/var/lib/cni",
  "/var/lib/kubelet",
  "/var/lib",
  "/var/log",
  "/etc/cni",
  "/opt",
  "/etc/kubernetes",
  "/usr/libexec",
];

async function lines(command: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await execa(command, args, { reject: false });
  // Ignore counters and dates of iptables-save.
  return stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replace(/\[\d+:\d+\]/, ""));
}

function cgroups(path = "/sys/fs/cgroup"): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => [join(path, entry.name), ...cgroups(join(path, entry.name))]);
}

/** Whether a text refers to another lab on this machine, by its links, namespaces or cgroups. */
function ofAnotherLab(text: string, slot: number): boolean {
  return [...text.matchAll(/csp-mesh-(\d)/g)].some(([, other]) => other !== String(slot));
}

/** Ids of all processes except this one and those of other labs. */
function processIds(slot: number): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      return !ofAnotherLab(readFileSync(`/proc/${name}/cgroup`, "utf8"), slot);
    } catch {
      return false; // The process has ended meanwhile.
    }
  });
}

/** Processes that only a lab can have started: in other namespaces, or of a lab's files. */
function processes(slot: number): string[] {
  return processIds(slot).flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      const elsewhere = ["mnt", "net"].some(
        (kind) => readlinkSync(`/proc/${pid}/ns/${kind}`) !== readlinkSync(`/proc/self/ns/${kind}`),
      );
      return command !== "" && (elsewhere || command.includes(`.lab-${slot}/`)) ? [command] : [];
    } catch {
      return []; // The process has ended meanwhile.
    }
  });
}

function netNamespaces(slot: number): string[] {
  const own = readlinkSync("/proc/self/ns/net");
  const all = processIds(slot).flatMap((pid) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/net`)];
    } catch {
      return [];
    }
  });
  return [...new Set(all)].filter((namespace) => namespace !== own);
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [`${folder}: absent`];
  }
}

/** @param slot number of the lab under test; other labs may run at the same time */
export async function snapshot(slot: number): Promise<MachineSnapshot> {
  const parts: Record<string, string[]> = {
    processes: processes(slot),
    mounts: readFileSync("/proc/self/mounts", "utf8").split("\n"),
    links: (JSON.parse((await lines("ip", "-j", "link")).join("") || "[]") as { ifname: string }[]).map(
      ({ ifname }) => ifname,
    ),
    addresses: await lines("ip", "-br", "addr"),
    routes: await lines("ip", "route"),
    namespaces: [...(await lines("ip", "netns", "list")), ...netNamespaces(slot)],
    cgroups: cgroups(),
    iptables: [
      ...(await lines("iptables-save")),
      ...(await lines("iptables-legacy-save")),
      ...(await lines("ip6tables-save")),
    ],
    sysctls: SYSCTLS.map((name) => `${name} ${readFileSync(join("/proc/sys", name), "utf8").trim()}`),
    files: FOLDERS.flatMap(listing),
  };
  return Object.fromEntries(
    Object.entries(parts).map(([name, list]) => [name, list.filter((item) => !ofAnotherLab(item, slot)).toSorted()]),
  );
}

/** `+ kind: what` for new and `- kind: what` for missing items. Ended processes are ignored. */
export function difference(before: MachineSnapshot, after: MachineSnapshot): string[] {
  return Object.keys(before).flatMap((kind) => {
    const [old, now] = [before[kind] ?? [], after[kind] ?? []];
    return [
      ...now.filter((item) => !old.includes(item)).map((item) => `+ ${kind}: ${item}`),
      ...(kind === "processes" ? [] : old.filter((item) => !now.includes(item)).map((item) => `- ${kind}: ${item}`)),
    ];
  });
}
