// Waits until a gateway's pods are ready and its load balancer has an address, and reports why they are not.
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
  /** Name of the Service and of the Deployment. */
  name: z.string(),
  /** Whether to wait for the load balancer's address. Not needed if the config gives an address. */
  awaitAddress: z.boolean(),
  awaitSeconds: z.number(),
  /** Any change of this value repeats the wait: it contains what determines the pods and the load balancer. */
  after: z.unknown(),
});
type Inputs = z.output<typeof inputs>;

/** Hostname or IP of the load balancer; empty if the step did not wait for it. */
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
      throw new Error(`${cluster}: gateway ${namespace}/${name} cannot be checked: ${error.message}`);
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
    // If the Service no longer exists, this resource counts as deleted, so the next up waits again.
    return service && { address: addressOf(service) ?? outputs.address };
  },

  delete: async () => {},
};

/**
 * Events in other namespaces need a right that the program does not require. The message uses them if the account may
 * read them.
 */
async function whyPending(objects: Objects, service: V1Service, events: readonly CoreV1Event[]): Promise<string> {
  const makers = loadBalancerPods(service, await objects.list<V1Pod>("v1", "Pod").catch(() => []));
  const namespaces = [...new Set(makers.flatMap(({ metadata }) => metadata?.namespace ?? []))];
  const more = await Promise.all(
    namespaces.map((namespace) => objects.list<CoreV1Event>("v1", "Event", { namespace }).catch(() => [])),
  );
  return pendingMessage(service, [...events, ...more.flat()], makers);
}

/** Only warn: without metrics the gateway works, with its minimum number of pods. */
async function warnWithoutMetrics(objects: Objects, cluster: string, warn: Operation["warn"]): Promise<void> {
  const problem = trouble(await metricsApi(objects));
  if (problem === undefined) return;
  warn(
    `${cluster}: ${problem}, so autoscalers of gateways and istiods stay at their minimum; ` +
      "install metrics-server by metricsServer.source",
  );
}
