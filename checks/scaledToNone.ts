import type { CheckContext } from "./check.ts";
import type { Cluster } from "./cluster.ts";
import { contextOf } from "./mesh.ts";
import { until } from "./until.ts";

/** A Deployment that a cluster can do without for a moment. */
export interface Target {
  readonly namespace: string;
  readonly name: string;
  /** What the cluster lacks without it. */
  readonly what: string;
}

export const gateway: Target = { namespace: "istio-system", name: "istio-ingressgateway", what: "GATEWAY" };

/**
 * Does something while one of a cluster's Deployments is at no replicas, then puts the former number back: also after a failure or an
 * interruption, and an interruption does not cut that short. An HPA rests while there are none, and resumes after.
 * @throws Error with the command that puts the replicas back, where that was not possible.
 */
export async function scaledToNone<T>(
  cluster: Cluster,
  target: Target,
  { mesh, deadlines, signal }: CheckContext,
  meanwhile: () => Promise<T>,
): Promise<T> {
  const { namespace, name } = target;
  const putBack = (to: number) => scaleCommand(contextOf(mesh, cluster.name), target, to);
  const { replicas, selector } = await cluster.deployment(namespace, name);
  if (replicas === 0) {
    throw new Error(`cluster ${cluster.name}: ${name} is at 0 replicas already; ${putBack(1)}`);
  }
  signal.throwIfAborted();
  try {
    await cluster.scale(namespace, name, 0);
    const left = await until(
      () => cluster.pods(namespace, selector),
      (pods) => pods.length === 0,
      { deadline: deadlines.podsGone, signal },
    );
    if (left.length > 0) {
      const names = left.map((pod) => pod.name).join(", ");
      throw new Error(`cluster ${cluster.name}: still there after ${deadlines.podsGone / 1000} s: ${names}`);
    }
    return await meanwhile();
  } finally {
    await restore(cluster, target, replicas, deadlines.restore, putBack(replicas));
  }
}

async function restore(
  cluster: Cluster,
  { namespace, name, what }: Target,
  replicas: number,
  deadline: number,
  command: string,
): Promise<void> {
  try {
    await until(
      () => cluster.scale(namespace, name, replicas),
      () => true,
      { deadline },
    );
  } catch (error) {
    throw new Error(`${(error as Error).message}. It has NO ${what} now; ${command}`);
  }
}

function scaleCommand(context: string, { namespace, name }: Target, replicas: number): string {
  return `put it back: kubectl --context '${context}' -n ${namespace} scale deployment ${name} --replicas=${replicas}`;
}

/** Waits until a Deployment has all its replicas ready. @throws Error with the last state. */
export async function ready(
  cluster: Cluster,
  { namespace, name }: Target,
  { deadlines, signal }: CheckContext,
): Promise<void> {
  const { replicas, readyReplicas } = await until(
    () => cluster.deployment(namespace, name),
    (seen) => seen.replicas > 0 && seen.readyReplicas >= seen.replicas,
    { deadline: deadlines.podsReady, signal },
  );
  if (replicas > 0 && readyReplicas >= replicas) return;
  throw new Error(
    `cluster ${cluster.name}: ${name} has ${readyReplicas} of ${replicas} replicas ready after ${deadlines.podsReady / 1000} s`,
  );
}
