// The "internet" between the providers: a bridge in its own network namespace, which the machine's firewall does not
// affect. Each node, and the machine itself, is connected to it by one veth pair.
import { existsSync } from "node:fs";
import { execa } from "execa";
import type { ClusterSpec, LabSpec } from "./spec.ts";

async function ip(...args: string[]): Promise<void> {
  await execa("ip", args);
}

async function sysctl(netns: string, setting: string): Promise<void> {
  await execa("nsenter", [`--net=/run/netns/${netns}`, "sysctl", "-qw", setting]);
}

export async function createHostNetwork(lab: LabSpec): Promise<void> {
  await ip("netns", "add", lab.cloudNetns);
  const inCloud = (...args: string[]) => ip("-n", lab.cloudNetns, ...args);
  await inCloud("link", "set", "lo", "up");
  await inCloud("link", "add", "internet", "type", "bridge");
  await inCloud("addr", "add", `${lab.cloudIp}/24`, "dev", "internet");
  await inCloud("link", "set", "internet", "up");
  // Load balancers forward packets, and answer on the link on which a request arrived.
  await sysctl(lab.cloudNetns, "net.ipv4.ip_forward=1");
  await sysctl(lab.cloudNetns, "net.ipv4.conf.all.send_redirects=0");
  await sysctl(lab.cloudNetns, "net.ipv4.conf.internet.send_redirects=0");
  await ip("link", "add", lab.hostLink, "type", "veth", "peer", "name", "host", "netns", lab.cloudNetns);
  await inCloud("link", "set", "host", "master", "internet", "up");
  await ip("addr", "add", `${lab.hostIp}/24`, "dev", lab.hostLink);
  await ip("link", "set", lab.hostLink, "up");
  await Promise.all(lab.clusters.map((cluster) => connect(lab, cluster)));
}

/** No default route: packets to another network's pods are refused at once, and no packet leaves the machine. */
async function connect(lab: LabSpec, cluster: ClusterSpec): Promise<void> {
  await ip("netns", "add", cluster.netns);
  const inCluster = (...args: string[]) => ip("-n", cluster.netns, ...args);
  await ip(
    "-n",
    lab.cloudNetns,
    "link",
    "add",
    cluster.cable,
    "type",
    "veth",
    "peer",
    "name",
    "eth0",
    "netns",
    cluster.netns,
  );
  await ip("-n", lab.cloudNetns, "link", "set", cluster.cable, "master", "internet", "up");
  await inCluster("addr", "add", `${cluster.nodeIp}/24`, "dev", "eth0");
  await inCluster("link", "set", "lo", "up");
  await inCluster("link", "set", "eth0", "up");
  // The node's own connections to Services need a route, before kube-proxy's rules can redirect them to a pod.
  await inCluster("route", "add", cluster.serviceRange, "dev", "eth0");
  await sysctl(cluster.netns, "net.ipv4.ip_forward=1");
}

/** Links disappear with their namespaces. Remains of an incomplete network are found by the lab's name. */
export async function removeHostNetwork(lab: LabSpec): Promise<void> {
  // Delete the link before the namespace at its other end, which would delete it later, at an unpredictable time.
  if (existsSync(`/sys/class/net/${lab.hostLink}`)) await ip("link", "delete", lab.hostLink);
  const { stdout } = await execa("ip", ["-j", "netns", "list"]);
  const names: { name: string }[] = JSON.parse(stdout === "" ? "[]" : stdout);
  for (const { name } of names) {
    if (name.startsWith(`${lab.id}-`)) await ip("netns", "delete", name);
  }
}
