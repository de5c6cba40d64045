// Which pods find a node: the scheduler's arithmetic, as far as requests, taints and node selectors go. Pure.
import type { Toleration } from "../mesh/gatewayOptions.ts";
import { quantity } from "../mesh/quantity.ts";
import type { Node, Taint } from "./checks/nodes.ts";
import type { ComingPods, Requests } from "./comingPods.ts";

type Container = {
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  readonly restartPolicy?: string;
};

/** A pod that is there, as far as it takes room. */
export interface OccupyingPod {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly overhead?: Readonly<Record<string, string>>;
  };
}

/** What a node has left. */
export interface Opening {
  readonly node: Node;
  free: Requests;
  pods: number;
}

const amount = (of: Readonly<Record<string, string>> | undefined): Requests => ({
  cpu: quantity(of?.cpu),
  memory: quantity(of?.memory),
});
const add = (a: Requests, b: Requests): Requests => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory });
const subtract = (a: Requests, b: Requests): Requests => ({ cpu: a.cpu - b.cpu, memory: a.memory - b.memory });
const larger = (a: Requests, b: Requests): Requests => ({
  cpu: Math.max(a.cpu, b.cpu),
  memory: Math.max(a.memory, b.memory),
});
const nothing: Requests = { cpu: 0, memory: 0 };

/** Init containers run before the others, one after another, but for those that stay: sidecars. */
export function requestsOf({ spec: { containers, initContainers = [], overhead } }: OccupyingPod): Requests {
  const ask = ({ resources }: Container) => amount(resources?.requests);
  let [staying, highest] = [nothing, nothing];
  for (const container of initContainers) {
    if (container.restartPolicy === "Always") staying = add(staying, ask(container));
    else highest = larger(highest, add(staying, ask(container)));
  }
  const running = containers.map(ask).reduce(add, staying);
  return add(larger(running, highest), amount(overhead));
}

export function openingsOf(nodes: readonly Node[], pods: readonly OccupyingPod[]): Opening[] {
  return nodes.map((node) => {
    const { allocatable } = node.status;
    const here = pods.filter(({ spec }) => spec.nodeName === node.metadata.name);
    return {
      node,
      free: subtract(amount(allocatable), here.map(requestsOf).reduce(add, nothing)),
      pods: quantity(allocatable?.pods ?? Number.POSITIVE_INFINITY) - here.length,
    };
  });
}

/**
 * Gives each pod the node with the most memory left, the largest first, and takes that from the openings.
 *
 * @returns Deployments of which a pod found none
 */
export function place(openings: readonly Opening[], coming: readonly ComingPods[]): string[] {
  const pods = coming.flatMap((deployment) => Array.from({ length: deployment.count }, () => deployment));
  const without = new Set<string>();
  for (const pod of pods.toSorted((a, b) => b.each.memory - a.each.memory || b.each.cpu - a.each.cpu)) {
    const [best] = openings
      .filter((opening) => fits(pod, opening))
      .toSorted((a, b) => b.free.memory - a.free.memory || b.free.cpu - a.free.cpu);
    if (best === undefined) {
      without.add(`${pod.namespace}/${pod.deployment}`);
      continue;
    }
    best.free = subtract(best.free, pod.each);
    best.pods -= 1;
  }
  return [...without];
}

function fits({ each, nodeSelector, tolerations }: ComingPods, { node, free, pods }: Opening): boolean {
  const { labels = {} } = node.metadata;
  const taints = (node.spec.taints ?? []).filter(({ effect }) => effect !== "PreferNoSchedule");
  return (
    pods >= 1 &&
    each.cpu <= free.cpu &&
    each.memory <= free.memory &&
    Object.entries(nodeSelector).every(([key, value]) => labels[key] === value) &&
    taints.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)))
  );
}

/** As in Kubernetes' own documentation: without a key every taint, without an effect each of them. */
function tolerates({ key, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key === undefined) return operator === "Exists";
  return key === taint.key && (operator === "Exists" || value === (taint.value ?? ""));
}
