// Simulates a firewall in a cluster's network during a test.
import { execa } from "execa";
import { onTestFinished } from "vitest";
import type { ClusterSpec } from "../../lab/spec.ts";

/** Inserts an iptables rule (`-I`) in a cluster's network, and deletes it (`-D`) at the end of the test. */
export async function networkRule(cluster: ClusterSpec, ...args: readonly string[]): Promise<void> {
  const iptables = (how: string) =>
    execa("ip", ["netns", "exec", cluster.netns, "iptables", ...args.map((arg) => (arg === "-I" ? how : arg))]);
  await iptables("-I");
  onTestFinished(async () => {
    await iptables("-D");
  });
}
