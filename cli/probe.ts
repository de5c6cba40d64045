// What `--probe` adds to a command: whether the clusters reach each other, tried from inside each of them.
import type { MeshConfig } from "../config/parse.ts";
import { probeClusters, proxyImage } from "../preflight/probe/clusters.ts";
import type { ProbeFinding } from "../preflight/probe/findings.ts";
import { Interrupted, interruptible } from "../preflight/probe/interruption.ts";
import { type ProbeOptions, probe } from "../preflight/probe/probe.ts";
import type { World } from "./command.ts";
import type { Messages } from "./messages.ts";
import { adviceOf, who } from "./preflightReport.ts";

/** Longest wait for the pods, in seconds: somebody sits before it. */
const MAX_AWAIT_SECONDS = 120;

/**
 * Probes the clusters of a config, and their gateways where a mesh stands. A signal ends it; what it made is removed then, too.
 *
 * @throws Error that says why it could not be done at all
 */
export async function runProbe(
  config: MeshConfig,
  messages: Messages,
  world: Pick<World, "stderr">,
): Promise<readonly ProbeFinding[] | Interrupted> {
  const { clusters, istio, sample, pullSecrets, awaitSeconds } = config;
  const settings: ProbeOptions = {
    by: "command",
    image: proxyImage(istio),
    pullSecrets,
    awaitSeconds: Math.min(awaitSeconds, MAX_AWAIT_SECONDS),
    gateways: true,
    // As SNI names the port 9080 of Service reviews, which every cluster has with the sample.
    sni: sample.enabled ? `outbound_.9080_._.reviews.${sample.namespace}.svc.cluster.local` : undefined,
  };
  try {
    return await interruptible((signal) =>
      probe(probeClusters(clusters, istio.externalGateways), { ...settings, signal }),
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    world.stderr(`${messages.probe.interrupted(error.signal)}\n`);
    return error;
  }
}

/** What is wrong, in lines that stay readable between those of other programs. */
export function probeReport(findings: readonly ProbeFinding[], messages: Messages): string {
  const { columns, severities } = messages.preflight;
  return findings
    .filter(({ severity }) => severity !== "ok")
    .map((finding) => {
      const { found, means, do: todo } = adviceOf(finding, messages);
      return `${severities[finding.severity]}: ${who(finding, messages)}: ${found}\n    ${columns[3]}: ${means}\n    ${columns[4]}: ${todo}`;
    })
    .join("\n");
}
