// First process of the clouds' machine, which `machine.ts` starts after the clusters.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cloudDir, startPublicDns, writeHosts } from "./cloud.ts";
import { LoadBalancers } from "./loadBalancers.ts";
import { makePrivate, reportStatus } from "./machine.ts";
import { pointAtGateway } from "./reservedAddress.ts";
import { type LabSpec, reservedAddress } from "./spec.ts";
import { Supervisor } from "./supervisor.ts";
import type { Toolchain } from "./toolchain/index.ts";

export interface CloudInput {
  readonly lab: LabSpec;
  readonly tools: Toolchain;
}

async function run({ lab, tools }: CloudInput): Promise<void> {
  const dir = cloudDir(lab);
  await makePrivate(dir);
  // Masquerade, so that nodes answer through the load balancer.
  await execa("iptables", [
    "-t",
    "nat",
    "-A",
    "POSTROUTING",
    "-d",
    lab.range,
    "-m",
    "conntrack",
    "--ctstate",
    "DNAT",
    "-j",
    "MASQUERADE",
  ]);
  startPublicDns(lab, tools, new Supervisor(join(dir, "logs")));
  const names = new Map<string, ReadonlyMap<string, string>>();
  await Promise.all(
    lab.clusters.map((cluster) => {
      const publish = (own: ReadonlyMap<string, string>) => {
        names.set(cluster.name, own);
        writeHosts(lab, new Map([...names.values()].flatMap((all) => [...all])));
      };
      const kubeconfig = join(cluster.dir, "admin.kubeconfig");
      const reserved = reservedAddress(cluster);
      return reserved === undefined
        ? new LoadBalancers(lab, cluster, kubeconfig, publish).watch()
        : pointAtGateway(reserved, cluster, kubeconfig);
    }),
  );
  reportStatus(dir, { ready: true });
}

const input: CloudInput = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
run(input).catch((error: unknown) => {
  console.error(error);
  reportStatus(cloudDir(input.lab), { ready: false, error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
