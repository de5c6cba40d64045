// Whether the cluster has nodes that accept pods.
import type { Check, ObservedCluster } from "../cluster.ts";

/** The fields of a node that the checks read. */
export interface Node {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
  readonly status: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly images?: readonly { readonly names?: readonly string[] | null }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export const nodesOf = ({ list }: ObservedCluster) => list<Node>("/api/v1/nodes");

export const isReady = ({ status }: Node) =>
  status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") === true;

/** Whether the scheduler may place pods on the node. */
export const isUsable = (node: Node) => isReady(node) && node.spec.unschedulable !== true;

export const nodes: Check = async (observed) => nodeFindings(observed.name, await nodesOf(observed));

export function nodeFindings(cluster: string, all: readonly Node[]): Awaited<ReturnType<Check>> {
  const names = (some: readonly Node[]) => some.map(({ metadata }) => metadata.name).toSorted();
  const notReady = names(all.filter((node) => !isReady(node)));
  const usable = all.filter(isUsable).length;
  if (usable === 0) {
    const cordoned = names(all.filter((node) => isReady(node) && !isUsable(node)));
    return [{ id: "noNode", severity: "error", cluster, notReady, cordoned }];
  }
  return notReady.length === 0
    ? [{ id: "nodesReady", severity: "ok", cluster, nodes: usable }]
    : [{ id: "nodesNotReady", severity: "warning", cluster, names: notReady, usable }];
}
