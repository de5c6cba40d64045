// Whether the nodes have room for the pods that will be created. Existing Deployments are not counted again.

import type { PreflightFinding, Room } from "../../mesh/preflightFindings.ts";
import type { Check, ObservedCluster } from "../cluster.ts";
import { type ComingPods, comingPods } from "../comingPods.ts";
import { type OccupyingPod, openingsOf, place, type Requests, requestsOf, type Unplaced } from "../placement.ts";
import type { MeshSettings } from "../settings.ts";
import { isReady, isUsable, nodesOf } from "./nodes.ts";

interface NamedObject {
  readonly metadata: { readonly name: string };
}

const RUNNING = encodeURIComponent("status.phase!=Succeeded,status.phase!=Failed");

export const room: Check = async (observed, mesh) => {
  const coming = await stillComing(observed, mesh);
  // If all Deployments exist, do not list the cluster's pods: there may be thousands.
  if (coming.length === 0) return [];
  const nodes = (await nodesOf(observed)).filter(isReady);
  if (!nodes.some(isUsable)) return [];
  const pods = await observed.list<OccupyingPod>(`/api/v1/pods?fieldSelector=${RUNNING}`);
  const openings = openingsOf(nodes, pods);
  const free = inRoom(total(openings.filter(({ node }) => isUsable(node)).map((opening) => opening.free)));
  const without = place(openings, coming);
  return findings(observed, coming, without, { free, nodes: nodes.length });
};

/** Pods of the Deployments that do not exist yet. */
export async function stillComing({ list, settings }: ObservedCluster, mesh: MeshSettings): Promise<ComingPods[]> {
  const all = comingPods(mesh, settings);
  const namespaces = [...new Set(all.map(({ namespace }) => namespace))];
  const existing = await Promise.all(
    namespaces.map(async (namespace) => {
      const deployments = await list<NamedObject>(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
        metadata: "list",
      });
      return deployments.map(({ metadata: { name } }) => `${namespace}/${name}`);
    }),
  );
  const names = new Set(existing.flat());
  return all.filter(({ namespace, deployment }) => !names.has(`${namespace}/${deployment}`));
}

async function findings(
  { name: cluster, read }: ObservedCluster,
  coming: readonly ComingPods[],
  without: readonly Unplaced[],
  { free, nodes }: { readonly free: Room; readonly nodes: number },
): Promise<PreflightFinding[]> {
  const needed = inRoom(
    total(coming.flatMap(({ count, pod }) => Array.from({ length: count }, () => requestsOf(pod)))),
  );
  if (without.length === 0) {
    const pods = coming.reduce((count, deployment) => count + deployment.count, 0);
    return [{ id: "room", severity: "ok", cluster, pods, needed, free }];
  }
  // The cluster autoscaler writes this ConfigMap, if there is one.
  const status = await read("/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status");
  const grows = status !== undefined;
  const about = { severity: grows ? "warning" : "error", cluster, grows, nodes } as const;
  // More nodes of the same kind only help if such a node accepts these pods.
  const causes = Map.groupBy(without, causeOf);
  return [...causes.values()].map((some): PreflightFinding => {
    const [{ taints, unselected, cordoned, full }] = some as [Unplaced];
    const kept = { ...about, pods: some.map(({ pods }) => pods), taints, unselected, cordoned };
    return full > 0 ? { id: "noRoom", ...kept, needed, free } : { id: "noNodeForPods", ...kept };
  });
}

/** Deployments with the same cause are reported together. */
const causeOf = ({ taints, unselected, cordoned, full }: Unplaced) =>
  JSON.stringify([taints, unselected, cordoned, full > 0]);

function total(all: readonly Requests[]): Requests {
  const sum = (key: keyof Requests) => all.reduce((amount, one) => amount + one[key], 0);
  return { cpu: sum("cpu"), memory: sum("memory") };
}

const inRoom = ({ cpu, memory }: Requests): Room => ({
  cpu: Math.round(cpu * 1000),
  memory: Math.round(memory / 2 ** 20),
});
