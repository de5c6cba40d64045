import type { Cluster, Deployment } from "../kube/cluster.ts";
import { inShell } from "../kube/quote.ts";
import { backFromNone, toNone } from "../kube/scaledToNone.ts";
import { until } from "../kube/until.ts";
import type { CheckContext } from "./check.ts";
import { contextOf, type Mesh } from "./mesh.ts";

/** A Deployment that the proof scales to zero for a moment. */
export interface Target {
  readonly namespace: string;
  readonly name: string;
  /** What the cluster lacks while the Deployment is at zero. */
  readonly what: string;
}

export const gateway: Target = { namespace: "istio-system", name: "istio-ingressgateway", what: "GATEWAY" };

/**
 * Runs `use` while one of a cluster's Deployments has zero replicas, and restores the replicas afterwards, also after a
 * failure or an interruption. An interruption does not shorten the restoration. An HPA pauses at zero replicas and
 * resumes afterwards. A mark holds the former number. If the proof is killed, the next proof or the next `pulumi up`
 * restores it.
 * @throws Error with the command that restores the replicas, if this failed
 */
export async function whileScaledToNone<T>(
  cluster: Cluster,
  target: Target,
  { mesh, deadlines, signal, say }: CheckContext,
  meanwhile: () => Promise<T>,
): Promise<T> {
  const { namespace, name } = target;
  const { replicas, selector, graceSeconds } = await runningDeployment(cluster, target, mesh);
  signal.throwIfAborted();
  const podsGone = deadlines.podsGone + graceSeconds * 1_000;
  try {
    await cluster.patchDeployment(namespace, name, toNone(replicas));
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
    const command = restoreCommand(mesh, cluster, target, replicas);
    await restore(cluster, target, replicas, { deadline: deadlines.restore, command, say });
  }
}

/**
 * The Deployment.
 * @throws Error if it has no replicas. Then a person scaled it, because replicas of a killed proof are restored before.
 */
export async function runningDeployment(cluster: Cluster, target: Target, mesh: Mesh): Promise<Deployment> {
  const deployment = await cluster.deployment(target.namespace, target.name);
  if (deployment.replicas > 0) return deployment;
  const command = kubectl(mesh, cluster, target, `scale deployment ${target.name} --replicas=1`);
  throw new Error(`cluster ${cluster.name}: ${target.name} already has 0 replicas; ${command}`);
}

/**
 * Restores a Deployment that a killed proof left at zero, and waits until it is ready. Read errors are left to the
 * checks.
 */
export async function restoreAbandoned(cluster: Cluster, target: Target, context: CheckContext): Promise<void> {
  const { mesh, deadlines, signal, say } = context;
  const left = await cluster.deployment(target.namespace, target.name).catch(() => undefined);
  if (left?.formerReplicas === undefined || left.replicas > 0) return;
  const replicas = left.formerReplicas;
  const trouble = `cluster ${cluster.name}: an unfinished proof left ${target.name} with 0 replicas`;
  try {
    await until(
      () => restoreReplicas(cluster, target, replicas),
      () => true,
      { deadline: deadlines.request, signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${trouble}: ${(error as Error).message}; ${restoreCommand(mesh, cluster, target, replicas)}`);
  }
  say(`${trouble}; put back to ${replicas}`);
  await ready(cluster, target, context);
}

/** Does nothing if the replicas were never changed. If they were increased meanwhile, only removes the mark. */
async function restoreReplicas(cluster: Cluster, { namespace, name }: Target, replicas: number): Promise<void> {
  const now = await cluster.deployment(namespace, name);
  if (now.replicas === 0) await cluster.patchDeployment(namespace, name, backFromNone(replicas));
  else if (now.formerReplicas !== undefined) await cluster.patchDeployment(namespace, name, backFromNone());
}

async function restore(
  cluster: Cluster,
  target: Target,
  replicas: number,
  { deadline, command, say }: Pick<CheckContext, "say"> & { readonly deadline: number; readonly command: string },
): Promise<void> {
  let isPrinted = false;
  const look = async () => {
    try {
      await restoreReplicas(cluster, target, replicas);
    } catch (error) {
      const trouble = `${(error as Error).message}. It has NO ${target.what} now`;
      // Print the restore command early, in case the user kills the proof.
      if (!isPrinted) say(`${trouble}; tried again for ${deadline / 60_000} min, or ${command}`);
      isPrinted = true;
      throw new Error(`${trouble}; ${command}`);
    }
  };
  await until(look, () => true, { deadline });
}

/** The command also removes the mark, so that a later zero is not taken for a proof's. */
function restoreCommand(mesh: Mesh, cluster: Cluster, target: Target, replicas: number): string {
  const patch = JSON.stringify(backFromNone(replicas));
  return kubectl(mesh, cluster, target, `patch deployment ${target.name} --type merge -p '${patch}'`);
}

function kubectl(mesh: Mesh, { name }: Cluster, { namespace }: Target, command: string): string {
  return `restore it: kubectl --context ${inShell(contextOf(mesh, name))} -n ${namespace} ${command}`;
}

/** Waits until a Deployment has all its replicas ready. @throws Error with the last state */
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
