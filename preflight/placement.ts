// Simulates the scheduler with requests, taints, node selectors and node affinity, to see which pods find a node. Pure.
import type { NodeExclusions } from "../mesh/preflightFindings.ts";
import { quantity } from "../mesh/quantity.ts";
import type { Node, Taint } from "./checks/nodes.ts";
import type { ComingPods } from "./comingPods.ts";
import { selects } from "./nodeAffinity.ts";

/** CPU in cores, memory in bytes. */
export interface Requests {
  readonly cpu: number;
  readonly memory: number;
}

type Amounts = Readonly<Record<string, string>>;
type Container = {
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
  readonly restartPolicy?: string;
};

/** The fields of an existing pod that determine its requests. */
export interface OccupyingPod {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly overhead?: Amounts;
  };
}

/** Free capacity of a node. */
export interface Opening {
  readonly node: Node;
  free: Requests;
  pods: number;
}

const amount = (of: Amounts | undefined): Requests => ({
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

/**
 * Total requests of a pod. Init containers run one after another before the others, except sidecars (restartPolicy
 * Always), which keep running.
 */
export function requestsOf({
  spec: { containers, initContainers = [], overhead },
}: Pick<OccupyingPod, "spec">): Requests {
  // Without a request, Kubernetes uses the limit.
  const ask = ({ resources }: Container) => amount({ ...resources?.limits, ...resources?.requests });
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

/** Why a Deployment's pods find no node. */
export interface Unplaced {
  /** `namespace/name` of the Deployment. */
  readonly pods: string;
  /** Taints that its pods do not tolerate, each with its number of nodes. */
  readonly taints: NodeExclusions["taints"];
  /** Nodes that its selector or its affinity leaves out. */
  readonly unselected: number;
  readonly cordoned: number;
  /** Nodes that accept the pods but lack room. */
  readonly full: number;
}

/** Assigns each pod to the node with the most free memory, largest pods first, and reduces the node's capacity. */
export function place(openings: readonly Opening[], coming: readonly ComingPods[]): Unplaced[] {
  const pods = coming.flatMap((deployment) => {
    const one = { deployment, each: requestsOf(deployment.pod) };
    return Array.from({ length: deployment.count }, () => one);
  });
  const without = new Map<string, Unplaced>();
  for (const { deployment, each } of pods.toSorted(
    (a, b) => b.each.memory - a.each.memory || b.each.cpu - a.each.cpu,
  )) {
    const obstacles = openings.map((opening) => ({ opening, obstacle: obstacleTo(deployment, each, opening) }));
    const [best] = obstacles
      .flatMap(({ opening, obstacle }) => (obstacle === undefined ? opening : []))
      .toSorted((a, b) => b.free.memory - a.free.memory || b.free.cpu - a.free.cpu);
    if (best === undefined) {
      const name = `${deployment.namespace}/${deployment.deployment}`;
      without.set(
        name,
        unplaced(
          name,
          obstacles.flatMap(({ obstacle }) => obstacle ?? []),
        ),
      );
      continue;
    }
    best.free = subtract(best.free, each);
    best.pods -= 1;
  }
  return [...without.values()];
}

type Obstacle = { readonly is: "cordoned" | "unselected" | "full" } | { readonly is: "taint"; readonly taint: Taint };

/** The first obstacle on a node. Room comes last, because it is irrelevant on a node that refuses the pod anyway. */
function obstacleTo({ pod }: ComingPods, each: Requests, { node, free, pods }: Opening): Obstacle | undefined {
  const { nodeSelector = {}, affinity } = pod.spec;
  const tolerations = (pod.spec.tolerations ?? []) as readonly Toleration[];
  const isTolerated = (taint: Taint) => tolerations.some((toleration) => tolerates(toleration, taint));
  const { labels = {} } = node.metadata;
  if (!Object.entries(nodeSelector).every(([key, value]) => labels[key] === value)) return { is: "unselected" };
  if (!selects(affinity, node)) return { is: "unselected" };
  const taint = (node.spec.taints ?? []).find(
    (each) => each.effect !== "PreferNoSchedule" && each.key !== CORDON && !isTolerated(each),
  );
  if (taint) return { is: "taint", taint };
  if (node.spec.unschedulable && !isTolerated({ key: CORDON, effect: "NoSchedule" })) return { is: "cordoned" };
  return pods >= 1 && each.cpu <= free.cpu && each.memory <= free.memory ? undefined : { is: "full" };
}

/** Taint of a cordoned node. */
const CORDON = "node.kubernetes.io/unschedulable";

function unplaced(pods: string, obstacles: readonly Obstacle[]): Unplaced {
  const count = (is: Obstacle["is"]) => obstacles.filter((obstacle) => obstacle.is === is).length;
  const found = obstacles.flatMap((obstacle) => (obstacle.is === "taint" ? [obstacle.taint] : []));
  const taints = [...Map.groupBy(found, taintText)].map(([taint, all]) => ({
    taint,
    toleration: tolerationOf(all[0] as Taint),
    nodes: all.length,
  }));
  return { pods, taints, unselected: count("unselected"), cordoned: count("cordoned"), full: count("full") };
}

const taintText = ({ key, value, effect }: Taint) => `${key}${value ? `=${value}` : ""}:${effect}`;

const tolerationOf = ({ key, value, effect }: Taint) =>
  `{key: ${key}, ${value ? `value: ${JSON.stringify(value)}` : "operator: Exists"}, effect: ${effect}}`;

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** As in Kubernetes' documentation: a toleration without a key matches every taint, without an effect every effect. */
function tolerates({ key, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (!key) return operator === "Exists";
  return key === taint.key && (operator === "Exists" || value === (taint.value ?? ""));
}
