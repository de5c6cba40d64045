import { type Cluster, connect } from "../kube/cluster.ts";
import { callerIdentity } from "./callerIdentity.ts";
import { certificateChains } from "./certificateChains.ts";
import { type Check, type CheckContext, type Deadlines, defaultDeadlines, type Verdict } from "./check.ts";
import { clusterCutOff } from "./clusterCutOff.ts";
import { everyClusterAnswers, ownClusterAnswers } from "./everyClusterAnswers.ts";
import { failover, reviewsOf } from "./failover.ts";
import type { Mesh, MeshCluster } from "./mesh.ts";
import { remoteClustersSynced } from "./remoteClustersSynced.ts";
import { gateway, restoreAbandoned } from "./scaledToNone.ts";

export interface CheckResult extends Verdict {
  readonly name: string;
  /** Duration of the check. */
  readonly ms: number;
}

export interface ProveOptions {
  /** Whether to run the check that temporarily scales a Deployment of each cluster to zero. @default false */
  readonly disruption?: boolean;
  readonly deadlines?: Partial<Deadlines>;
  /** Ends the proof. Gateways are restored before `prove` throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with each result, in the order of the checks. */
  readonly onResult?: (result: CheckResult) => void;
  /** Called with messages during the proof. @default written to the standard error */
  readonly say?: (line: string) => void;
  /** How clusters are opened. @default by kubeconfig and context */
  readonly connect?: (cluster: MeshCluster) => Cluster;
}

/** With failover, other clusters only answer while a cluster's own workloads are down. */
function checksOf({ sample }: Mesh): readonly Check[] {
  const localFirst = sample?.traffic.kind === "failover";
  return [
    localFirst ? ownClusterAnswers : everyClusterAnswers,
    remoteClustersSynced,
    callerIdentity,
    certificateChains,
    localFirst ? failover : clusterCutOff,
  ];
}

/**
 * Proves that a mesh works. Read-only checks run concurrently. Disruptive ones run afterwards one by one, if all others
 * passed. Replicas that a killed proof left at zero are restored first.
 * @returns a result for each check
 * @throws Error that names the cluster, if the proof cannot begin: no sample, or an unreachable API server
 */
export async function prove(mesh: Mesh, options: ProveOptions = {}): Promise<readonly CheckResult[]> {
  const { disruption = false, signal = new AbortController().signal, onResult } = options;
  if (!mesh.sample) {
    throw new Error("the mesh has no sample: set csp-mesh:sample.enabled to true and run pulumi up");
  }
  const { namespace } = mesh.sample;
  const clusters = mesh.clusters.map(options.connect ?? connect);
  // Send one request to each cluster first, so that an unreachable one is reported once, and an exec plugin's token is
  // ready for all checks.
  await Promise.all(clusters.map((cluster) => cluster.pods(namespace, "")));

  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const { say = (line) => process.stderr.write(`${line}\n`) } = options;
  const context: CheckContext = { mesh, clusters, namespace, deadlines, signal, say };
  await Promise.all(
    clusters.flatMap((cluster) =>
      [gateway, reviewsOf(cluster, mesh, namespace)].map((target) => restoreAbandoned(cluster, target, context)),
    ),
  );
  const chosen = checksOf(mesh).filter((check) => disruption || !check.disruptive);
  const looking = new Map(
    chosen.filter((check) => !check.disruptive).map((check) => [check, runCheck(check, context)]),
  );
  // After an interruption all of them reject, but only the first is awaited.
  for (const result of looking.values()) result.catch(() => {});

  const results: CheckResult[] = [];
  for (const check of chosen) {
    const isHealthy = results.every(({ passed }) => passed);
    const result = await (looking.get(check) ?? runCheck(isHealthy ? check : skipped(check), context));
    results.push(result);
    onResult?.(result);
  }
  return results;
}

/** Skips a disruptive check if another check failed: the mesh may depend on the Deployment that it would stop. */
function skipped(check: Check): Check {
  const run = async (context: CheckContext) => {
    await check.begin?.(context);
    return { passed: false, seen: "not run, because a check before it failed" };
  };
  return { ...check, run };
}

async function runCheck(check: Check, context: CheckContext): Promise<CheckResult> {
  const start = performance.now();
  const verdict = await check.run(context).catch((error: Error): Verdict => {
    if (context.signal.aborted) throw error;
    return { passed: false, seen: error.message };
  });
  return { name: check.name, ...verdict, ms: Math.round(performance.now() - start) };
}
