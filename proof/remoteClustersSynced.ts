import { type KnownCluster, parseClusterz } from "../istiod/clusterz.ts";
import { istiodDebug } from "../istiod/debug.ts";
import { until } from "../kube/until.ts";
import type { Check, CheckContext, Verdict } from "./check.ts";

export interface Replica {
  readonly cluster: string;
  readonly pod: string;
  readonly known: readonly KnownCluster[];
}

/** Checks that each istiod replica reports every other cluster as synced, like `istioctl remote-clusters`. */
export const remoteClustersSynced: Check = {
  name: "istiod has synced every other cluster",
  disruptive: false,
  async run(context: CheckContext): Promise<Verdict> {
    const names = context.clusters.map(({ name }) => name);
    const { deadlines, signal } = context;
    const replicas = await until(
      () => replicasOf(context),
      (seen) => judgeSync(seen, names).passed,
      { deadline: deadlines.sync, signal },
    );
    return judgeSync(replicas, names);
  },
};

async function replicasOf({ clusters, signal }: CheckContext): Promise<readonly Replica[]> {
  const replicas = await Promise.all(
    clusters.map(async (cluster) =>
      (await istiodDebug(cluster, "/debug/clusterz", { signal })).map(({ pod, text }) => ({
        cluster: cluster.name,
        pod,
        known: parseClusterz(text),
      })),
    ),
  );
  return replicas.flat();
}

/** @param names all clusters of the mesh */
export function judgeSync(replicas: readonly Replica[], names: readonly string[]): Verdict {
  const silent = names.find((name) => !replicas.some((replica) => replica.cluster === name));
  if (silent !== undefined) {
    return {
      passed: false,
      seen: `no istiod is ready in ${silent}`,
      hint: "find the cause: kubectl -n istio-system describe pods -l app=istiod",
    };
  }
  for (const { cluster, pod, known } of replicas) {
    const own = known.find(({ secretName }) => secretName === "");
    if (own?.id !== cluster) {
      return {
        passed: false,
        seen: `${pod} in ${cluster} calls its own cluster ${JSON.stringify(own?.id ?? "")}`,
        hint: `istiod's value global.multiCluster.clusterName must be ${cluster}`,
      };
    }
    for (const peer of names.filter((name) => name !== cluster)) {
      const [entry, second] = known.filter(({ id, secretName }) => id === peer && secretName !== "");
      if (!entry) {
        return {
          passed: false,
          seen: `${pod} in ${cluster} does not know ${peer}; it knows ${known.map(({ id }) => id).join(", ")}`,
          hint: `a Secret with label istio/multiCluster=true and data key ${peer} must be in istio-system of ${cluster}`,
        };
      }
      if (second) {
        return {
          passed: false,
          seen: `${pod} in ${cluster} knows ${peer} twice, from ${entry.secretName} and ${second.secretName}`,
          hint: "delete the Secret that is not this program's",
        };
      }
      if (entry.syncStatus !== "synced") {
        return {
          passed: false,
          seen: `${pod} in ${cluster}: ${peer} is ${entry.syncStatus} (${entry.secretName})`,
          hint: `check that ${cluster} reaches the API server of ${peer} (address, firewall, access list) and that its token is valid`,
        };
      }
    }
  }
  return { passed: true, seen: names.map((name) => `${name} ${countOf(replicas, name)}`).join(", ") };
}

function countOf(replicas: readonly Replica[], name: string): string {
  const count = replicas.filter(({ cluster }) => cluster === name).length;
  return `${count} replica${count === 1 ? "" : "s"}`;
}
