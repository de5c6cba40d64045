import type { CoreV1Event, V1Deployment, V1Pod } from "@kubernetes/client-node";
import { podsMessage, rolledOut } from "../kube/deploymentPods.ts";
import type { Objects } from "../kube/objects.ts";
import { until } from "../kube/until.ts";

interface Wait {
  /** Longest wait, in seconds. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until a Deployment has rolled out. Helm and Pulumi's Kubernetes plugin would report a timeout without a cause.
 *
 * @param called the Deployment's name in messages
 * @throws Error with the states of its pods, or why there are none
 */
export async function awaitDeployment(
  objects: Objects,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  called: string,
  { seconds, signal }: Wait,
): Promise<void> {
  const look = () => objects.existing<V1Deployment>("apps/v1", "Deployment", name, namespace);
  const seen = await until(look, rolledOut, { deadline: seconds * 1_000, signal });
  if (rolledOut(seen)) return;
  const events = await objects.list<CoreV1Event>("v1", "Event", { namespace });
  const pods = await objects.list<V1Pod>("v1", "Pod", { namespace });
  throw new Error(
    `${called} is not ready after ${seconds} s\n  ${podsMessage(seen, pods, events)}\n` +
      'Correct that, then run "pulumi up" again.',
  );
}
