// The providers' infrastructure, in the network namespace between the clusters: public DNS, and L4 load balancers that
// forward to node ports.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { V1Service } from "@kubernetes/client-node";
import { execa } from "execa";
import type { ClusterSpec, LabSpec } from "./spec.ts";
import type { Supervisor } from "./supervisor.ts";
import type { Toolchain } from "./toolchain/index.ts";

export const cloudDir = (lab: LabSpec) => join(lab.dir, "cloud");

/** Behaviour of the clouds. Tests overwrite `clouds.json`, which is read again whenever a Service is processed. */
export interface CloudSettings {
  /** Time from a Service's creation to its address. */
  readonly delayMilliseconds: number;
  /** Clusters whose load balancers stay pending. */
  readonly pending: readonly string[];
}

const settingsFile = (lab: LabSpec) => join(cloudDir(lab), "clouds.json");

export function writeCloudSettings(lab: LabSpec, settings: CloudSettings): void {
  mkdirSync(cloudDir(lab), { recursive: true });
  writeFileSync(settingsFile(lab), JSON.stringify(settings));
}

export function readCloudSettings(lab: LabSpec): CloudSettings {
  return JSON.parse(readFileSync(settingsFile(lab), "utf8"));
}

/** Serves the load balancers' host names; every other name does not exist. */
export function startPublicDns(lab: LabSpec, tools: Toolchain, supervisor: Supervisor): void {
  const file = join(cloudDir(lab), "Corefile");
  writeHosts(lab, new Map());
  writeFileSync(file, corefile(lab));
  supervisor.start("public-dns", tools.coredns, ["-conf", file]);
}

/** Quote the path, because it may contain spaces. */
export function corefile(lab: LabSpec): string {
  return `.:53 {
  bind ${lab.cloudIp}
  errors
  hosts "${join(cloudDir(lab), "hosts")}" {
    reload 200ms
    ttl 5
  }
}
`;
}

export function writeHosts(lab: LabSpec, names: ReadonlyMap<string, string>): void {
  const file = join(cloudDir(lab), "hosts");
  const lines = [...names].map(([name, ip]) => `${ip} ${name}`);
  writeFileSync(`${file}.new`, `${lines.join("\n")}\n`);
  renameSync(`${file}.new`, file);
}

/** A hostname in NAVER's format: `istio-syste-istio-ingres-1e9c3-101789248-f924e3285ceb.kr-gov.lb.naverncp.com`. */
export function loadBalancerHostname(service: V1Service, cluster: ClusterSpec, zone: string): string {
  const { namespace = "", name = "", uid = "" } = service.metadata ?? {};
  const digits = uid.replaceAll("-", "");
  return `${namespace.slice(0, 11)}-${name.slice(0, 12)}-${digits.slice(0, 5)}-${cluster.index}-${digits.slice(-12)}.${zone}`;
}

/** Ports of a Service with their node ports. */
export function portsOf({ spec }: V1Service): { port: number; nodePort: number }[] {
  return (spec?.ports ?? []).flatMap(({ port, nodePort }) => (nodePort === undefined ? [] : [{ port, nodePort }]));
}

/** Updates the forwarding rules of one load balancer. Without ports, they are removed. */
export async function forward(
  ip: string,
  nodeIp: string,
  ports: readonly { port: number; nodePort: number }[],
): Promise<void> {
  const chain = `LB-${ip}`;
  const rules = [
    "*nat",
    `:${chain} - [0:0]`,
    ...ports.map(
      ({ port, nodePort }) => `-A ${chain} -p tcp --dport ${port} -j DNAT --to-destination ${nodeIp}:${nodePort}`,
    ),
    "COMMIT",
    "",
  ];
  await execa("iptables-restore", ["--noflush"], { input: rules.join("\n") });
  const jump = ["-d", ip, "-j", chain];
  for (const table of ["PREROUTING", "OUTPUT"]) {
    const present = await execa("iptables", ["-t", "nat", "-C", table, ...jump], { reject: false });
    if (present.exitCode !== 0) await execa("iptables", ["-t", "nat", "-A", table, ...jump]);
  }
  const assigned = await execa("ip", ["addr", "replace", `${ip}/32`, "dev", "internet"], { reject: false });
  if (assigned.exitCode !== 0) throw new Error(`${ip}: ${assigned.stderr}`);
}

export async function stopForwarding(ip: string): Promise<void> {
  const chain = `LB-${ip}`;
  for (const table of ["PREROUTING", "OUTPUT"]) {
    await execa("iptables", ["-t", "nat", "-D", table, "-d", ip, "-j", chain], { reject: false });
  }
  await execa("iptables", ["-t", "nat", "-F", chain], { reject: false });
  await execa("iptables", ["-t", "nat", "-X", chain], { reject: false });
  await execa("ip", ["addr", "del", `${ip}/32`, "dev", "internet"], { reject: false });
}
