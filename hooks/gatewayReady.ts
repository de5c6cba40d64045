// Waits until a gateway's pods are ready and its load balancer has an address, and says why when they are not.
import type { CoreV1Event, V1Deployment, V1Pod, V1Service } from "@kubernetes/client-node";
import { podsMessage, rolledOut } from "./gatewayPods.ts";
import { runHook } from "./hook.ts";
import { addressOf, pendingMessage } from "./loadBalancer.ts";
import { metricsApi, trouble } from "./metricsApi.ts";
import type { Objects } from "./objects.ts";

interface Settings {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  readonly namespace: string;
  /** Of the Service and of the Deployment. */
  readonly name: string;
  /** Whether an address must come; one from config needs none. */
  readonly address: boolean;
  readonly awaitSeconds: number;
}

interface Result {
  /** Hostname or IP of the load balancer, where one was waited for. */
  readonly address?: string;
}

await runHook<Settings, Result>({
  async create({ objects }, { cluster, namespace, name, address, awaitSeconds }) {
    const look = async () => ({
      deployment: await objects.existing<V1Deployment>("apps/v1", "Deployment", name, namespace),
      service: await objects.existing<V1Service>("v1", "Service", name, namespace),
    });
    const deadline = performance.now() + awaitSeconds * 1_000;
    let unanswered = "";
    while (performance.now() < deadline) {
      try {
        const { deployment, service } = await look();
        const found = addressOf(service);
        if (rolledOut(deployment) && (!address || found)) {
          await warnWithoutMetrics(objects, cluster);
          return found === undefined ? {} : { address: found };
        }
        unanswered = "";
      } catch (error) {
        // The API server may be busy for a moment.
        unanswered = (error as Error).message;
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    if (unanswered) throw new Error(`${cluster}: gateway ${namespace}/${name} cannot be looked at: ${unanswered}`);
    const { deployment, service } = await look();
    const events = await objects.list<CoreV1Event>("v1", "Event", { namespace });
    const pods = await objects.list<V1Pod>("v1", "Pod", { namespace });
    const causes = [
      ...(rolledOut(deployment) ? [] : [podsMessage(deployment, pods, events)]),
      ...(!address || addressOf(service) ? [] : [pendingMessage(service, events)]),
    ];
    throw new Error(
      [`${cluster}: gateway ${namespace}/${name} is not ready after ${awaitSeconds} s`, ...causes].join("\n  "),
    );
  },
  async delete() {},
});

/** The gateway works without metrics, as it works with its fewest pods. */
async function warnWithoutMetrics(objects: Objects, cluster: string): Promise<void> {
  const problem = trouble(await metricsApi(objects));
  if (problem === undefined) return;
  process.stderr.write(
    `warning: ${cluster}: ${problem}, so autoscalers of gateways and istiods stay at their minimum; ` +
      "have metrics-server installed by metricsServer.source\n",
  );
}
