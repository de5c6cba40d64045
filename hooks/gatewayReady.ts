// Waits until a gateway's pods are ready and its load balancer has an address, and says why when they are not.
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { podsMessage, rolledOut } from "./gatewayPods.ts";
import { messageOf, runHook } from "./hook.ts";
import { addressOf, pendingMessage } from "./loadBalancer.ts";
import { metricsApi, trouble } from "./metricsApi.ts";
import { type Objects, objectsOf } from "./objects.ts";

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
  async create(config, { cluster, namespace, name, address, awaitSeconds }) {
    const core = config.makeApiClient(CoreV1Api);
    const apps = config.makeApiClient(AppsV1Api);
    const look = async () => ({
      deployment: await apps.readNamespacedDeployment({ namespace, name }),
      service: await core.readNamespacedService({ namespace, name }),
    });
    const deadline = performance.now() + awaitSeconds * 1_000;
    let unanswered = "";
    while (performance.now() < deadline) {
      try {
        const { deployment, service } = await look();
        const found = addressOf(service);
        if (rolledOut(deployment) && (!address || found)) {
          await warnWithoutMetrics(objectsOf(config), cluster);
          return found === undefined ? {} : { address: found };
        }
        unanswered = "";
      } catch (error) {
        // The API server may be busy for a moment.
        unanswered = messageOf(error);
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    if (unanswered) throw new Error(`${cluster}: gateway ${namespace}/${name} cannot be looked at: ${unanswered}`);
    const { deployment, service } = await look();
    const events = (await core.listNamespacedEvent({ namespace })).items;
    const pods = (await core.listNamespacedPod({ namespace })).items;
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
