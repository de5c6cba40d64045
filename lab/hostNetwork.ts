// The "internet" between the providers: a bridge in a network namespace of its own, so that the machine's firewall
// never sees it. Nodes hang on it by a cable each; the machine itself by one more, which is all that it gets.
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
  // The load balancers forward, and answer on the link where they were asked.
  await sysctl(lab.cloudNetns, "net.ipv4.ip_forward=1");
  await sysctl(lab.cloudNetns, "net.ipv4.conf.all.send_redirects=0");
  await sysctl(lab.cloudNetns, "net.ipv4.conf.internet.send_redirects=0");
  await ip("link", "add", lab.hostLink, "type", "veth", "peer", "name", "host", "netns", lab.cloudNetns);
  await inCloud("link", "set", "host", "master", "internet", "up");
  await ip("addr", "add", `${lab.hostIp}/24`, "dev", lab.hostLink);
  await ip("link", "set", lab.hostLink, "up");
  await Promise.all(lab.clusters.map((cluster) => connect(lab, cluster)));
}

/** No default route: a packet for another network's pods is refused at once, and none leaves the machine. */
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
  // The node's own calls of Services need a route before kube-proxy's rules can turn them to a pod.
  await inCluster("route", "add", cluster.serviceRange, "dev", "eth0");
  await sysctl(cluster.netns, "net.ipv4.ip_forward=1");
}

/** Links go with their namespaces; what remains of a half-made network is found by the lab's name alone. */
export async function removeHostNetwork(lab: LabSpec): Promise<void> {
  // Before the namespace at its other end, which takes it along at a moment of the kernel's choice.
  if (existsSync(`/sys/class/net/${lab.hostLink}`)) await ip("link", "delete", lab.hostLink);
  const { stdout } = await execa("ip", ["-j", "netns", "list"]);
  const names: { name: string }[] = JSON.parse(stdout === "" ? "[]" : stdout);
  for (const { name } of names) {
    if (name.startsWith(`${lab.id}-`)) await ip("netns", "delete", name);
  }
}
