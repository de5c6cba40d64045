// Waits until a gateway's pods are ready and its load balancer has an address, and says why when they are not.
import type { CoreV1Event, V1Deployment, V1Pod, V1Service } from "@kubernetes/client-node";
import { until } from "../checks/until.ts";
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
    const isReady = ({ deployment, service }: Awaited<ReturnType<typeof look>>) =>
      rolledOut(deployment) && (!address || addressOf(service) !== undefined);
    const seen = await until(look, isReady, { deadline: awaitSeconds * 1_000 }).catch((error: Error) => {
      throw new Error(`${cluster}: gateway ${namespace}/${name} cannot be looked at: ${error.message}`);
    });
    const { deployment, service } = seen;
    const found = addressOf(service);
    if (isReady(seen)) {
      await warnWithoutMetrics(objects, cluster);
      return found === undefined ? {} : { address: found };
    }
    const events = await objects.list<CoreV1Event>("v1", "Event", { namespace });
    const pods = await objects.list<V1Pod>("v1", "Pod", { namespace });
    const causes = [
      ...(rolledOut(deployment) ? [] : [podsMessage(deployment, pods, events)]),
      ...(!address || found ? [] : [pendingMessage(service, events)]),
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
