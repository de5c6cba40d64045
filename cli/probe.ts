// What `--probe` adds to a command: whether the clusters reach each other, tried from inside each of them.
import type { MeshConfig } from "../config/parse.ts";
import type { Messages } from "../i18n/messages.ts";
import type { ProbeFinding } from "../mesh/probeFindings.ts";
import { reviewsHost } from "../mesh/trafficRules.ts";
import { probeClusters, proxyImage } from "../probe/clusters.ts";
import { Interrupted, interruptible } from "../probe/interruption.ts";
import { type ProbeOptions, probe } from "../probe/probe.ts";
import type { World } from "./command.ts";

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
  const { clusters, clusterDomain, istio, sample, pullSecrets, awaitSeconds } = config;
  const settings: ProbeOptions = {
    by: "command",
    image: proxyImage(istio),
    pullSecrets,
    resources: config.preflight.probeResources,
    awaitSeconds: Math.min(awaitSeconds, MAX_AWAIT_SECONDS),
    gateways: true,
    // As SNI names the port 9080 of Service reviews, which every cluster has with the sample.
    sni: sample.enabled ? `outbound_.9080_._.${reviewsHost(sample.namespace, clusterDomain)}` : undefined,
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
