// The option `--probe`: tests from inside each cluster whether the clusters reach each other.
import type { MeshConfig } from "../config/parse.ts";
import type { Messages } from "../i18n/messages.ts";
import type { ProbeFinding } from "../mesh/probeFindings.ts";
import { reviewsHost } from "../mesh/trafficRules.ts";
import { probeClusters, proxyImage } from "../probe/clusters.ts";
import { Interrupted, interruptible } from "../probe/interruption.ts";
import { type ProbeOptions, probe } from "../probe/probe.ts";
import type { World } from "./command.ts";

/** Longest wait for the pods, in seconds, because a person waits for the command. */
const MAX_AWAIT_SECONDS = 120;

/**
 * Probes the clusters of a config, and the gateways of an existing mesh. After a signal, the probe's objects are
 * deleted as well.
 *
 * @throws Error with the reason if the probe could not run
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
    // SNI of the port 9080 of Service reviews, which every cluster with the sample has.
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
