// Waits until a gateway's pods are ready and its load balancer has an address, and says why when they are not.
import type { CoreV1Event, V1Deployment, V1Pod, V1Service } from "@kubernetes/client-node";
import * as z from "zod";
import { podsMessage, rolledOut } from "../../kube/deploymentPods.ts";
import { addressOf, loadBalancerPods, pendingMessage } from "../../kube/loadBalancer.ts";
import { metricsApi, trouble } from "../../kube/metricsApi.ts";
import type { Objects } from "../../kube/objects.ts";
import { restoreScaled, scaledBackWords, scaledToNone } from "../../kube/scaledToNone.ts";
import { until } from "../../kube/until.ts";
import type { Kind, Operation } from "../kind.ts";

const inputs = z.strictObject({
  namespace: z.string(),
  /** Of the Service and of the Deployment. */
  name: z.string(),
  /** Whether an address must come; one from config needs none. */
  awaitAddress: z.boolean(),
  awaitSeconds: z.number(),
  /** Whatever makes other pods, or another load balancer: to be waited for again. */
  after: z.unknown(),
});
type Inputs = z.output<typeof inputs>;

/** Hostname or IP of the load balancer; empty where none was waited for. */
type Outputs = { readonly address: string };

export const gatewayReady: Kind<Inputs, Outputs> = {
  inputs,
  identity: ({ awaitSeconds: _, ...rest }) => rest,

  async look({ cluster: { objects }, inputs: { namespace, name } }) {
    const gateway = await objects.read<V1Deployment>("apps/v1", "Deployment", name, namespace);
    if (gateway === undefined || scaledToNone(gateway) === undefined) return [];
    return [{ property: "after", words: scaledBackWords(namespace, name) }];
  },

  async create({ cluster: { name: cluster, objects }, inputs: settings, warn, signal }) {
    const { namespace, name, awaitAddress: address, awaitSeconds } = settings;
    await restoreScaled(objects, { namespace, name });
    const look = async () => ({
      deployment: await objects.existing<V1Deployment>("apps/v1", "Deployment", name, namespace),
      service: await objects.existing<V1Service>("v1", "Service", name, namespace),
    });
    const isReady = ({ deployment, service }: Awaited<ReturnType<typeof look>>) =>
      rolledOut(deployment) && (!address || addressOf(service) !== undefined);
    const seen = await until(look, isReady, { deadline: awaitSeconds * 1_000, signal }).catch((error: Error) => {
      throw new Error(`${cluster}: gateway ${namespace}/${name} cannot be looked at: ${error.message}`);
    });
    const { deployment, service } = seen;
    const found = addressOf(service);
    if (isReady(seen)) {
      await warnWithoutMetrics(objects, cluster, warn);
      return { address: found ?? "" };
    }
    const events = await objects.list<CoreV1Event>("v1", "Event", { namespace });
    const pods = await objects.list<V1Pod>("v1", "Pod", { namespace });
    const causes = [
      ...(rolledOut(deployment) ? [] : [podsMessage(deployment, pods, events)]),
      ...(!address || found ? [] : [await whyPending(objects, service, events)]),
    ];
    throw new Error(
      [`${cluster}: gateway ${namespace}/${name} is not ready after ${awaitSeconds} s`, ...causes].join("\n  "),
    );
  },

  async read({ cluster: { objects }, inputs: { name, namespace, awaitAddress } }, outputs) {
    if (!awaitAddress) return outputs;
    const service = await objects.read<V1Service>("v1", "Service", name, namespace);
    // Where it is gone, it comes again, and is waited for.
    return service && { address: addressOf(service) ?? outputs.address };
  },

  delete: async () => {},
};

/** Other namespaces' events need a right that is not asked for: the message is as good as the account's rights. */
async function whyPending(objects: Objects, service: V1Service, events: readonly CoreV1Event[]): Promise<string> {
  const makers = loadBalancerPods(service, await objects.list<V1Pod>("v1", "Pod").catch(() => []));
  const namespaces = [...new Set(makers.flatMap(({ metadata }) => metadata?.namespace ?? []))];
  const more = await Promise.all(
    namespaces.map((namespace) => objects.list<CoreV1Event>("v1", "Event", { namespace }).catch(() => [])),
  );
  return pendingMessage(service, [...events, ...more.flat()], makers);
}

/** The gateway works without metrics, as it works with its fewest pods. */
async function warnWithoutMetrics(objects: Objects, cluster: string, warn: Operation["warn"]): Promise<void> {
  const problem = trouble(await metricsApi(objects));
  if (problem === undefined) return;
  warn(
    `${cluster}: ${problem}, so autoscalers of gateways and istiods stay at their minimum; ` +
      "have metrics-server installed by metricsServer.source",
  );
}
