import type { CheckContext } from "./check.ts";
import type { Cluster } from "./cluster.ts";
import { until } from "./until.ts";

const namespace = "istio-system";
const name = "istio-ingressgateway";

/**
 * Does something while a cluster's gateway is at no replicas, then puts the former number back: also after a failure or an
 * interruption, and an interruption does not cut that short. An HPA rests while there are none, and resumes after.
 * @param context the kubeconfig context, for the command in the error.
 * @throws Error with the command that puts the replicas back, where that was not possible.
 */
export async function withoutGateway<T>(
  cluster: Cluster,
  context: string,
  { deadlines, signal }: CheckContext,
  meanwhile: () => Promise<T>,
): Promise<T> {
  const { replicas, selector } = await cluster.deployment(namespace, name);
  if (replicas === 0) {
    throw new Error(`cluster ${cluster.name}: ${name} is at 0 replicas already; ${scaleCommand(context, 1)}`);
  }
  signal.throwIfAborted();
  try {
    await cluster.scale(namespace, name, 0);
    const left = await until(
      () => cluster.pods(namespace, selector),
      (pods) => pods.length === 0,
      { deadline: deadlines.gatewayGone, signal },
    );
    if (left.length > 0) {
      const names = left.map((pod) => pod.name).join(", ");
      throw new Error(`cluster ${cluster.name}: still there after ${deadlines.gatewayGone / 1000} s: ${names}`);
    }
    return await meanwhile();
  } finally {
    await restore(cluster, context, replicas, deadlines.restore);
  }
}

async function restore(cluster: Cluster, context: string, replicas: number, deadline: number): Promise<void> {
  try {
    await until(
      () => cluster.scale(namespace, name, replicas),
      () => true,
      { deadline },
    );
  } catch (error) {
    throw new Error(`${(error as Error).message}. It has NO GATEWAY now; ${scaleCommand(context, replicas)}`);
  }
}

function scaleCommand(context: string, replicas: number): string {
  return `put it back: kubectl --context '${context}' -n ${namespace} scale deployment ${name} --replicas=${replicas}`;
}

/** Waits until a cluster's gateway has all its replicas ready. @throws Error with the last state. */
export async function gatewayReady(cluster: Cluster, { deadlines, signal }: CheckContext): Promise<void> {
  const { replicas, readyReplicas } = await until(
    () => cluster.deployment(namespace, name),
    (seen) => seen.replicas > 0 && seen.readyReplicas >= seen.replicas,
    { deadline: deadlines.gatewayReady, signal },
  );
  if (replicas > 0 && readyReplicas >= replicas) return;
  throw new Error(
    `cluster ${cluster.name}: ${name} has ${readyReplicas} of ${replicas} replicas ready after ${deadlines.gatewayReady / 1000} s`,
  );
}
