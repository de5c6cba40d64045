// The steps of a takeover that change clusters, apart from `pulumi up`.
import { onlyStaying } from "../config/gone.ts";
import type { MeshConfig } from "../config/parse.ts";
import type { Messages } from "../i18n/messages.ts";
import { nameOf } from "../kube/objects.ts";
import { until } from "../kube/until.ts";
import { type FormerCluster, isFormer, observeFormer, partsAt, removeParts } from "../operations/formerMesh.ts";
import type { Effects, Options } from "./command.ts";
import { peersAmong, type Removal, type Takeover } from "./takeoverPlan.ts";

export interface Running {
  readonly options: Options;
  readonly messages: Messages;
  readonly signal: AbortSignal;
}

/** Longest waits, in seconds: until proxies have no endpoints of other clusters, and until restarted pods are ready. */
export const APART_WITHIN = 120;
export const RESTARTED_WITHIN = 600;
/** Interval between two checks of a gate, in ms. */
const PAUSE = 2_000;

export interface Progress {
  readonly say: (line: string) => void;
  /** Longest wait at a gate, in seconds. */
  readonly seconds: number;
}

/**
 * First disconnects the clusters while their istiods still update the sidecars, then removes one control plane after
 * the other, each with its gateway. Reads each cluster again right before it deletes anything there.
 *
 * @returns obstacles to the next step, one line each
 */
export async function removeFormer(
  { messages, signal }: Running,
  { removals }: Takeover,
  config: MeshConfig,
  effects: Effects,
  { say, seconds }: Progress,
): Promise<string[]> {
  const { takeover: texts } = messages;
  const staying = onlyStaying(config);
  const { namespace } = config.sample;
  const lookAt = async (name: string): Promise<FormerCluster> => {
    const cluster = staying.clusters.find((one) => one.name === name) as MeshConfig["clusters"][number];
    const observed = await observeFormer(cluster, namespace, signal);
    if (isFormer(observed)) return observed;
    throw new Error(texts.problems.unreachable(name, observed.failure));
  };
  const before = await Promise.all(staying.clusters.map(({ name }) => lookAt(name)));
  const peersOf = peersAmong(before);
  const take = async ({ stage, cluster: name, parts }: Removal) => {
    say(texts.stages[stage](name));
    const cluster = staying.clusters.find((one) => one.name === name) as MeshConfig["clusters"][number];
    // Delete only objects that the plan has shown and that are still recognised.
    const now = partsAt(stage, await lookAt(name), peersOf(name)).filter((part) => parts.includes(nameOf(part)));
    await removeParts(cluster, now, (object) => say(`  ${texts.gone(object)}`), signal);
  };
  for (const removal of removals.filter(({ stage }) => stage === "withdraw")) await take(removal);

  // Skip clusters without an istiod: their sidecars get no updates, and an earlier run has passed this gate.
  const withIstiod = staying.clusters.filter(({ name }) =>
    before.some((one) => one.name === name && one.istiod !== undefined),
  );
  say(texts.apart(String(seconds)));
  const proxies = await until(
    () => Promise.all(withIstiod.map((cluster) => effects.crossClusterProxies(cluster, signal))),
    (found) => found.every(({ connected, silent }) => connected.length + silent.length === 0),
    { deadline: seconds * 1_000, interval: PAUSE, signal },
  );
  const connected = proxies.flatMap((one) => [
    ...(one.connected.length === 0 ? [] : [texts.connected(one.cluster, one.connected.join(", "))]),
    ...(one.silent.length === 0 ? [] : [texts.silent(one.cluster, one.silent.join(", "))]),
  ]);
  if (connected.length > 0) return connected;

  for (const removal of removals.filter(({ stage }) => stage === "remove")) await take(removal);
  // No former gateway may remain, because two gateways of one network share its requests.
  return (await Promise.all(staying.clusters.map(({ name }) => lookAt(name)))).flatMap(
    ({ name, claim, parts, otherGateways }) => {
      const left = claim ? [] : [...parts.map(nameOf), ...otherGateways];
      return left.length === 0 ? [] : [texts.left(name, left.join(", "))];
    },
  );
}

/**
 * Restarts workloads of the former mesh, if requested, in one cluster after the other.
 *
 * @returns the clusters with the workloads that still have to restart
 */
export async function restarted(
  { options, messages, signal }: Running,
  config: MeshConfig,
  effects: Effects,
  { say, seconds }: Progress,
): Promise<readonly FormerCluster[]> {
  const { takeover: texts, operations } = messages;
  const { clusters } = onlyStaying(config);
  const lookAt = (cluster: MeshConfig["clusters"][number]) => observeFormer(cluster, config.sample.namespace, signal);
  if (options["restart-workloads"] === true) {
    for (const cluster of clusters) {
      const left = new Set<string>();
      const toRestart = async () => {
        const found = await lookAt(cluster);
        if (!isFormer(found)) throw new Error(texts.problems.unreachable(cluster.name, found.failure));
        return [...new Set([...found.renamed, ...found.withoutSidecar])].filter((pod) => !left.has(pod));
      };
      const pods = await toRestart();
      if (pods.length === 0) continue;
      say(texts.restart(cluster.name));
      const result = await effects.restart(cluster, pods, signal);
      for (const workload of result.workloads) say(`  ${operations.restarts(workload)}`);
      for (const pod of result.left) {
        left.add(pod);
        say(`  ${operations.notRestarted(pod)}`);
      }
      const deadline = seconds * 1_000;
      const late = await until(toRestart, (rest) => rest.length === 0, { deadline, interval: PAUSE, signal });
      if (late.length === 0) continue;
      // Do not restart workloads of further clusters, so that these keep answering.
      say(texts.notRestarted(String(seconds)));
      break;
    }
  }
  const found = await Promise.all(clusters.map(lookAt));
  for (const one of found) if (!isFormer(one)) throw new Error(texts.problems.unreachable(one.name, one.failure));
  return found.filter(isFormer);
}
