// Hosts in URLs and gateway addresses that mean something different on each machine, or in each network.
import { BlockList, isIP } from "node:net";
import { bareHost } from "../mesh/hostPort.ts";

const here = new BlockList();
here.addSubnet("127.0.0.0", 8, "ipv4");
here.addAddress("0.0.0.0", "ipv4");
here.addAddress("::1", "ipv6");
here.addAddress("::", "ipv6");

/** Docker Desktop's kubeconfig has the server kubernetes.docker.internal. */
const NAMES_OF_THIS_MACHINE = /(^|\.)localhost$|\.docker\.internal$/;

const nearby = new BlockList();
nearby.addSubnet("169.254.0.0", 16, "ipv4");
nearby.addSubnet("224.0.0.0", 3, "ipv4");
nearby.addSubnet("fe80::", 10, "ipv6");
nearby.addSubnet("ff00::", 8, "ipv6");

/** Whether a host is a loopback or unspecified address, so that each client would connect to itself. */
export function isThisMachine(host: string): boolean {
  const name = bareHost(host).replace(/\.$/, "").toLowerCase();
  return isIP(name) === 0 ? NAMES_OF_THIS_MACHINE.test(name) : isIn(here, name);
}

/** Whether a host is an address that is link-local, multicast or reserved. */
export const isOfOneNetwork = (host: string): boolean => isIP(bareHost(host)) !== 0 && isIn(nearby, bareHost(host));

const isIn = (list: BlockList, address: string) => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
