import type { CheckContext } from "./check.ts";
import type { Cluster, Deployment } from "./cluster.ts";
import { contextOf, type Mesh } from "./mesh.ts";
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
  const { replicas, selector, graceSeconds } = await standing(cluster, target, mesh);
  signal.throwIfAborted();
  const podsGone = deadlines.podsGone + graceSeconds * 1_000;
  try {
    await cluster.scale(namespace, name, 0);
    const left = await until(
      () => cluster.pods(namespace, selector),
      (pods) => pods.length === 0,
      { deadline: podsGone, signal },
    );
    if (left.length > 0) {
      const names = left.map((pod) => pod.name).join(", ");
      throw new Error(`cluster ${cluster.name}: still there after ${podsGone / 1000} s: ${names}`);
    }
    return await meanwhile();
  } finally {
    await restore(cluster, target, replicas, deadlines.restore, scaleCommand(mesh, cluster, target, replicas));
  }
}

/** The Deployment. @throws Error where it has no replicas, as a proof that was killed may leave it */
export async function standing(cluster: Cluster, target: Target, mesh: Mesh): Promise<Deployment> {
  const deployment = await cluster.deployment(target.namespace, target.name);
  if (deployment.replicas > 0) return deployment;
  const putBack = scaleCommand(mesh, cluster, target, 1);
  throw new Error(`cluster ${cluster.name}: ${target.name} is at 0 replicas already; ${putBack}`);
}

/** Nothing where nobody was let take the replicas away, or where somebody has put some back. */
async function restore(
  cluster: Cluster,
  { namespace, name, what }: Target,
  replicas: number,
  deadline: number,
  command: string,
): Promise<void> {
  let isTold = false;
  const look = async () => {
    try {
      const now = await cluster.deployment(namespace, name);
      if (now.replicas === 0) await cluster.scale(namespace, name, replicas);
    } catch (error) {
      const trouble = `${(error as Error).message}. It has NO ${what} now`;
      // Whoever interrupts this by force has read how to go on.
      if (!isTold) process.stderr.write(`${trouble}; tried again for ${deadline / 60_000} min, or ${command}\n`);
      isTold = true;
      throw new Error(`${trouble}; ${command}`);
    }
  };
  await until(look, () => true, { deadline });
}

function scaleCommand(mesh: Mesh, cluster: Cluster, { namespace, name }: Target, replicas: number): string {
  const context = contextOf(mesh, cluster.name);
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
