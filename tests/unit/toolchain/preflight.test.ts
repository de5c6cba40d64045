import { expect, test } from "vitest";
import { type LabRequirements, obstacles } from "../../../lab/preflight.ts";
import type { Facts } from "../../../lab/preflightFacts.ts";

const GIB = 1024 ** 3;

const wanted: LabRequirements = { range: "172.30.0.0/24", clusters: 2, stateDir: "/lab", link: "csp-mesh-0" };

const enough: Facts = {
  platform: "linux",
  arch: "x64",
  uid: 0,
  capabilities: (1n << 12n) | (1n << 21n),
  addresses: [
    { cidr: "127.0.0.1/8", link: "lo", kind: "address" },
    { cidr: "192.0.2.2/24", link: "eth0", kind: "address" },
  ],
  memoryAvailable: 4.8 * GIB,
  state: { path: "/lab", device: 1, free: 3 * GIB },
  cache: { path: "/cache", device: 1, free: 3 * GIB },
  uncached: [],
  controllers: ["cpu", "cpuset", "memory", "pids"],
  cgroupsWritable: true,
};

const address = (cidr: string, link = "eth1", kind: "address" | "route" = "address") => ({ cidr, link, kind });

test.each<[string, Partial<Facts>, Partial<LabRequirements>]>([
  ["the minimum of each resource", {}, {}],
  ["arm64", { arch: "arm64" }, {}],
  ["the lab's own link", { addresses: [address("172.30.0.1/24", "csp-mesh-0")] }, {}],
  ["the neighbouring range", { addresses: [address("172.30.1.1/24"), address("172.29.255.255/32")] }, {}],
  ["a VPN's halves of the internet", { addresses: [address("128.0.0.0/1", "tun0", "route")] }, {}],
  ["a separate disk for builds", { uncached: ["etcd"], cache: { path: "/cache", device: 2, free: 20 * GIB } }, {}],
])("finds no obstacle with %s", (_, facts, want) => {
  expect(obstacles({ ...enough, ...facts }, { ...wanted, ...want })).toEqual([]);
});

test.each<[string, Partial<Facts>, Partial<LabRequirements>, string]>([
  [
    "another operating system",
    { platform: "darwin", uid: 501 },
    {},
    "this is darwin, and the lab is made of Linux namespaces and cgroups: run it on Linux, for example in a virtual machine.",
  ],
  [
    "another processor",
    { arch: "riscv64" },
    {},
    "the processor is riscv64, and Envoy is published for x64 and arm64 only: use a machine with one of those.",
  ],
  [
    "not root",
    { uid: 1000, capabilities: 0n },
    {},
    "the user id is 1000, but only root may create network namespaces and mounts: run it as root, with sudo.",
  ],
  [
    "a plain container",
    { capabilities: 1n << 12n },
    {},
    "root lacks CAP_SYS_ADMIN here: run it outside of the container, or in a privileged one.",
  ],
  [
    "no memory controller",
    { controllers: ["cpuset", "cpu", "pids"] },
    {},
    "the kernel offers no cgroup controller memory, which kubelet needs: enable it on the kernel's command line, for " +
      "memory by cgroup_enable=memory, and mount it.",
  ],
  [
    "read-only cgroups",
    { cgroupsWritable: false },
    {},
    "/sys/fs/cgroup is read-only: run it outside of the container, or mount it writable.",
  ],
  [
    "an address within the range once, without its route",
    { addresses: [address("172.30.0.77/32", "docker0"), address("172.30.0.0/25", "docker0", "route")] },
    {},
    "the lab's network 172.30.0.0/24 overlaps the address 172.30.0.77/32 of docker0: remove that address, or use a machine without it.",
  ],
  [
    "a route around the range",
    { addresses: [address("172.16.0.0/12", "tun0", "route")] },
    {},
    "the lab's network 172.30.0.0/24 overlaps the route 172.16.0.0/12 of tun0: remove that route, or use a machine without it.",
  ],
  [
    "too little memory",
    { memoryAvailable: 4 * GIB },
    {},
    "4.0 GiB of memory is available, and 2 clusters need 4.8 GiB: end other programs, or start fewer clusters.",
  ],
  [
    "too little memory for one",
    { memoryAvailable: 3 * GIB },
    { clusters: 1 },
    "3.0 GiB of memory is available, and 1 cluster needs 3.4 GiB: end other programs, or start fewer clusters.",
  ],
  [
    "too little disk",
    { state: { path: "/lab", device: 1, free: 2.9 * GIB } },
    {},
    "2.9 GiB of disk is free at /lab, and 3.0 GiB is needed for 2 clusters: free some, or move that folder.",
  ],
  [
    "too little disk for clusters and builds together",
    { uncached: ["etcd", "istio"], state: { path: "/lab", device: 1, free: 22.9 * GIB } },
    {},
    "22.9 GiB of disk is free at /lab, and 23.0 GiB is needed for 2 clusters (3.0 GiB) and 20.0 GiB to build etcd, istio: " +
      "free some, or move that folder.",
  ],
  [
    "too little disk for builds",
    { uncached: ["etcd"], cache: { path: "/cache", device: 2, free: 19 * GIB } },
    {},
    "19.0 GiB of disk is free at /cache, and 20.0 GiB is needed for 20.0 GiB to build etcd: free some, or move that folder.",
  ],
])("reports %s", (_, facts, want, reason) => {
  expect(obstacles({ ...enough, ...facts }, { ...wanted, ...want })).toEqual([reason]);
});

test("reports all obstacles at once", () => {
  const facts = { ...enough, arch: "ppc64", uid: 1, controllers: [], memoryAvailable: 0, cgroupsWritable: false };
  expect(obstacles({ ...facts, addresses: [address("172.30.0.1/24")] }, wanted)).toHaveLength(6);
});
