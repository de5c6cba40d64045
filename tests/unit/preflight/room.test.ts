import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import type { PodSpec } from "../../../mesh/podTemplate.ts";
import { quantity } from "../../../mesh/quantity.ts";
import type { Node } from "../../../preflight/checks/nodes.ts";
import { nodeFindings } from "../../../preflight/checks/nodes.ts";
import { type ComingPods, comingPods } from "../../../preflight/comingPods.ts";
import { type OccupyingPod, openingsOf, place, requestsOf } from "../../../preflight/placement.ts";
import { fieldOf } from "../../../preflight/settings.ts";
import { folder, kubeconfig } from "../config/fixtures.ts";

test.each([
  ["500m", 0.5],
  ["2", 2],
  [2, 2],
  ["0.5", 0.5],
  ["128Mi", 2 ** 27],
  ["1e3", 1000],
  ["3E", 3e18],
  ["128974848000m", 128974848],
  ["100k", 100_000],
  [undefined, 0],
  ["nonsense", 0],
])("quantity %s is %s", (text, value) => {
  expect(quantity(text)).toBe(value);
});

const container = (cpu: string, memory: string, restartPolicy?: string) => ({
  resources: { requests: { cpu, memory } },
  ...(restartPolicy && { restartPolicy }),
});

describe("a pod requests", () => {
  test.each<[string, OccupyingPod["spec"], number]>([
    ["the sum of its containers", { containers: [container("1", "1Gi"), container("500m", "0"), {}] }, 1.5],
    [
      "the largest request of an init container",
      { containers: [container("1", "0")], initContainers: [container("2", "0"), container("1500m", "0")] },
      2,
    ],
    [
      "sidecar init containers in addition",
      { containers: [container("1", "0")], initContainers: [container("500m", "0", "Always"), container("2", "0")] },
      2.5,
    ],
    ["the overhead of its runtime class", { containers: [container("1", "0")], overhead: { cpu: "250m" } }, 1.25],
    ["nothing without requests", { containers: [{}] }, 0],
  ])("%s", (_, spec, cpu) => {
    expect(requestsOf({ spec }).cpu).toBeCloseTo(cpu);
  });
});

const node = (
  name: string,
  cpu: number,
  gib: number,
  more: { labels?: Record<string, string>; taints?: Node["spec"]["taints"]; pods?: number } = {},
): Node => ({
  metadata: { name, ...(more.labels && { labels: more.labels }) },
  spec: { ...(more.taints && { taints: more.taints }) },
  status: {
    allocatable: { cpu: String(cpu), memory: `${gib}Gi`, pods: String(more.pods ?? 110) },
    conditions: [{ type: "Ready", status: "True" }],
  },
});
const coming = (
  deployment: string,
  cpu: number,
  gib: number,
  { count = 1, ...spec }: Partial<PodSpec> & { count?: number } = {},
): ComingPods => ({
  namespace: "n",
  deployment,
  count,
  pod: {
    spec: {
      containers: [{ name: "c", image: "i", resources: { requests: { cpu: String(cpu), memory: `${gib}Gi` } } }],
      ...spec,
    },
  },
});
const on = (nodeName: string, cpu: string, memory: string): OccupyingPod => ({
  spec: { nodeName, containers: [container(cpu, memory)] },
});

describe("a pod is placed on", () => {
  const taint = { key: "dedicated", value: "gateways", effect: "NoSchedule" };
  const placed = (nodes: Node[], pods: ComingPods[], there: OccupyingPod[] = []) =>
    place(openingsOf(nodes, there), pods).map((one) => one.pods);

  test.each<[string, Node[], ComingPods[], OccupyingPod[], string[]]>([
    ["a node with room", [node("a", 1, 1)], [coming("x", 1, 1)], [], []],
    [
      "no node if other pods' requests take the room",
      [node("a", 1, 1)],
      [coming("x", 1, 1)],
      [on("a", "1m", "0")],
      ["n/x"],
    ],
    ["the node that has room", [node("a", 1, 1), node("b", 1, 1)], [coming("x", 1, 1)], [on("a", "1", "0")], []],
    ["no node if the room is spread over two", [node("a", 1, 1), node("b", 1, 1)], [coming("x", 1.5, 1)], [], ["n/x"]],
    [
      "no node beside another replica without room",
      [node("a", 1, 4)],
      [coming("x", 0.6, 1, { count: 2 })],
      [],
      ["n/x"],
    ],
    [
      "no node at its maximum of pods",
      [node("a", 9, 9, { pods: 1 })],
      [coming("x", 0, 0)],
      [on("a", "0", "0")],
      ["n/x"],
    ],
    [
      "no node if the first pod takes the last place",
      [node("a", 9, 9, { pods: 1 })],
      [coming("x", 1, 1), coming("y", 0, 0)],
      [],
      ["n/y"],
    ],
    [
      "no node with a taint that it does not tolerate",
      [node("a", 9, 9, { taints: [taint] })],
      [coming("x", 1, 1)],
      [],
      ["n/x"],
    ],
    [
      "a node with a PreferNoSchedule taint",
      [node("a", 9, 9, { taints: [{ ...taint, effect: "PreferNoSchedule" }] })],
      [coming("x", 1, 1)],
      [],
      [],
    ],
    [
      "a node with a taint that it tolerates by value",
      [node("a", 9, 9, { taints: [taint] })],
      [coming("x", 1, 1, { tolerations: [{ key: "dedicated", value: "gateways" }] })],
      [],
      [],
    ],
    [
      "no node whose taint has another value",
      [node("a", 9, 9, { taints: [taint] })],
      [coming("x", 1, 1, { tolerations: [{ key: "dedicated", value: "other" }] })],
      [],
      ["n/x"],
    ],
    [
      "a node whose taints it tolerates with an empty key",
      [node("a", 9, 9, { taints: [taint] })],
      [coming("x", 1, 1, { tolerations: [{ operator: "Exists" }] })],
      [],
      [],
    ],
    [
      "no node whose taint has another effect",
      [node("a", 9, 9, { taints: [taint] })],
      [coming("x", 1, 1, { tolerations: [{ operator: "Exists", effect: "NoExecute" }] })],
      [],
      ["n/x"],
    ],
    [
      "the node that it selects",
      [node("a", 9, 9), node("b", 9, 9, { labels: { role: "edge" } })],
      [coming("x", 1, 1, { nodeSelector: { role: "edge" } })],
      [],
      [],
    ],
    [
      "no node if none has the selected label",
      [node("a", 9, 9)],
      [coming("x", 1, 1, { nodeSelector: { role: "edge" } })],
      [],
      ["n/x"],
    ],
  ])("%s", (_, nodes, pods, there, without) => {
    expect(placed(nodes, pods, there)).toEqual(without);
  });

  test.each<[string, Node[], ComingPods[], object]>([
    [
      "taints, each with its nodes and its toleration",
      [
        node("a", 9, 9, { taints: [taint] }),
        node("b", 9, 9, { taints: [taint] }),
        node("c", 9, 9, { taints: [{ key: "gpu", effect: "NoExecute" }] }),
      ],
      [coming("x", 1, 1)],
      {
        taints: [
          {
            taint: "dedicated=gateways:NoSchedule",
            toleration: '{key: dedicated, value: "gateways", effect: NoSchedule}',
            nodes: 2,
          },
          { taint: "gpu:NoExecute", toleration: "{key: gpu, operator: Exists, effect: NoExecute}", nodes: 1 },
        ],
        unselected: 0,
        cordoned: 0,
        full: 0,
      },
    ],
    [
      "a selector, a cordon and a full node",
      [
        node("a", 9, 9, { taints: [taint] }),
        node("b", 1, 1, { labels: { role: "edge" } }),
        { ...node("c", 9, 9, { labels: { role: "edge" } }), spec: { unschedulable: true } },
      ],
      [coming("x", 2, 1, { nodeSelector: { role: "edge" } })],
      { taints: [], unselected: 1, cordoned: 1, full: 1 },
    ],
  ])("no node, and the reasons are %s", (_, nodes, pods, kept) => {
    expect(place(openingsOf(nodes, []), pods)).toEqual([{ pods: "n/x", ...kept }]);
  });

  test("a cordoned node if it tolerates everything, because a cordon is a taint", () => {
    const cordoned = { ...node("a", 9, 9), spec: { unschedulable: true } };
    expect(placed([cordoned], [coming("x", 1, 1, { tolerations: [{ operator: "Exists" }] })])).toEqual([]);
    expect(placed([cordoned], [coming("x", 1, 1)])).toEqual(["n/x"]);
  });

  test.each<[string, object, boolean]>([
    ["In", { key: "role", operator: "In", values: ["edge", "infra"] }, true],
    ["In, another value", { key: "role", operator: "In", values: ["infra"] }, false],
    ["NotIn", { key: "role", operator: "NotIn", values: ["edge"] }, false],
    ["NotIn, without the label", { key: "other", operator: "NotIn", values: ["edge"] }, true],
    ["Exists", { key: "role", operator: "Exists" }, true],
    ["DoesNotExist", { key: "role", operator: "DoesNotExist" }, false],
    ["Gt", { key: "cores", operator: "Gt", values: ["7"] }, true],
    ["Lt", { key: "cores", operator: "Lt", values: ["8"] }, false],
  ])("a node by required affinity: %s", (_, expression, isTaken) => {
    const affinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [expression] }, {}],
        },
      },
    };
    const nodes = [node("a", 9, 9, { labels: { role: "edge", cores: "8" } })];
    expect(placed(nodes, [coming("x", 1, 1, { affinity })])).toEqual(isTaken ? [] : ["n/x"]);
  });

  test("never more room than the node has", () => {
    const size = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(size, size), { maxLength: 4 }),
        fc.array(fc.tuple(size, size), { maxLength: 8 }),
        (nodes, pods) => {
          const openings = openingsOf(
            nodes.map(([cpu, gib], index) => node(`n${index}`, cpu, gib)),
            [],
          );
          place(
            openings,
            pods.map(([cpu, gib], index) => coming(`p${index}`, cpu, gib)),
          );
          for (const { free } of openings) expect(Math.min(free.cpu, free.memory)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe("the pods of a mesh", () => {
  const root = folder({ kubeconfig: kubeconfig(["one", "two"]) });
  const clusters = ["one", "two"].map((name) => ({ name, kubeconfig: "kubeconfig", context: name }));
  const of = (config: object) => {
    const mesh = parseConfig({ clusters, ...config }, root);
    return comingPods(mesh, mesh.clusters[1] as (typeof mesh.clusters)[number]).map(
      ({ namespace, deployment, count, pod }) =>
        `${count} ${namespace}/${deployment} ${requestsOf(pod).cpu} ${requestsOf(pod).memory / 2 ** 20}`,
    );
  };

  test("are istiod, the gateway and the sample with sidecars, with the requests of Istio's charts", () => {
    expect(of({})).toEqual([
      "1 istio-system/istiod 0.5 2048",
      "1 istio-system/istio-ingressgateway 0.1 128",
      "1 sample/reviews-v2 0.1 128",
      "1 sample/sleep 0.1 128",
    ]);
  });

  test("have the version and field of the cluster's place in the list, even if another cluster is gone", () => {
    const lost = { name: "lost", context: "none", kubeconfig: "missing", state: "gone" };
    const mesh = parseConfig({ clusters: [lost, ...clusters] }, root);
    const two = mesh.clusters[1] as (typeof mesh.clusters)[number];
    expect(comingPods(mesh, two).map(({ deployment }) => deployment)).toContain("reviews-v3");
    expect(fieldOf(mesh, two)).toBe("clusters[2]");
  });

  test("have the numbers and requests in the config", () => {
    expect(
      of({
        istiod: { replicas: 2, resources: { requests: { cpu: "50m" } } },
        gateway: { autoscaling: { min: 3 }, resources: { limits: { cpu: "1", memory: "1Gi" } } },
        ingress: { enabled: true, autoscaling: { min: 2 } },
        istio: { values: { istiod: { global: { proxy: { resources: { requests: { cpu: "10m" } } } } } } },
        sample: { enabled: false },
      }),
    ).toEqual([
      "2 istio-system/istiod 0.05 2048",
      "3 istio-system/istio-ingressgateway 1 1024",
      "2 istio-system/istio-ingress 0.1 128",
    ]);
    expect(
      of({ istio: { values: { istiod: { global: { proxy: { resources: { requests: { cpu: "10m" } } } } } } } })[3],
    ).toBe("1 sample/sleep 0.01 128");
  });
});

describe("the pods of a mesh with Helm values", () => {
  const root = folder({ kubeconfig: kubeconfig(["one", "two"]) });
  const clusters = ["one", "two"].map((name) => ({ name, kubeconfig: "kubeconfig", context: name }));
  const of = (config: object) => {
    const mesh = parseConfig({ clusters, ...config }, root);
    return comingPods(mesh, mesh.clusters[0] as (typeof mesh.clusters)[number]);
  };
  const values = (istiod: object) => ({ istio: { values: { istiod } } });
  const istiod = (config: object) => of(config)[0] as ComingPods;
  const tolerations = (pods: ComingPods) => (pods.pod.spec.tolerations ?? []).map(({ key }) => key);

  test("istiod's node settings come from pilot, the top level, or the settings for all pods", () => {
    const pods = { nodeSelector: { pool: "all" }, tolerations: [{ key: "all", operator: "Exists" }] };
    expect(tolerations(istiod({ pods }))).toEqual(["cni.istio.io/not-ready", "all"]);
    expect(istiod({ pods }).pod.spec.nodeSelector).toEqual({ pool: "all" });
    for (const given of [{ tolerations: [{ key: "own" }] }, { pilot: { tolerations: [{ key: "own" }] } }])
      expect(tolerations(istiod({ pods, ...values(given) }))).toEqual(["cni.istio.io/not-ready", "own"]);
    const both = { nodeSelector: { a: "top", c: "x" }, pilot: { nodeSelector: { a: "pilot" }, tolerations: [] } };
    expect(istiod({ pods, ...values(both) }).pod.spec.nodeSelector).toEqual({ a: "pilot", c: "x" });
    expect(tolerations(istiod({ pods, ...values(both) }))).toEqual(["cni.istio.io/not-ready"]);
  });

  test("istiod's requests and image come from the chart and the values", () => {
    const { pod } = istiod(values({ hub: "mirror.example/istio", resources: { requests: { cpu: "1" } } }));
    expect(pod.spec.containers[0]).toMatchObject({
      image: "mirror.example/istio/pilot:1.31.0",
      resources: { requests: { cpu: "1", memory: "2048Mi" } },
    });
    expect(requestsOf(istiod(values({ pilot: { resources: null } })).pod)).toEqual({ cpu: 0.01, memory: 0 });
  });

  test("gateway, sample and sidecars have the same nodes, and the configured requests", () => {
    const [, gateway, reviews] = of({
      pods: { nodeSelector: { pool: "all" } },
      sample: { resources: { requests: { cpu: "300m" }, limits: { cpu: "1", memory: "256Mi" } } },
      ...values({ global: { proxy: { resources: { requests: { memory: "64Mi" } } } } }),
    });
    for (const one of [gateway, reviews]) expect(one?.pod.spec.nodeSelector).toEqual({ pool: "all" });
    // With a native sidecar (an init container), the sum is the same.
    expect(requestsOf(reviews?.pod as OccupyingPod)).toEqual({ cpu: 0.4, memory: (256 + 64) * 2 ** 20 });
  });
});

describe("nodes", () => {
  const notReady = { ...node("down", 1, 1), status: { conditions: [{ type: "Ready", status: "Unknown" }] } };
  const cordoned = { ...node("held", 1, 1), spec: { unschedulable: true } };
  test.each([
    [[node("a", 1, 1)], { id: "nodesReady", nodes: 1 }],
    [[node("a", 1, 1), cordoned], { id: "nodesReady", nodes: 1 }],
    [[node("a", 1, 1), notReady], { id: "nodesNotReady", names: ["down"], usable: 1 }],
    [[notReady, cordoned], { id: "noNode", severity: "error", notReady: ["down"], cordoned: ["held"] }],
    [[], { id: "noNode", notReady: [], cordoned: [] }],
  ])("case %#: reports the state of nodes", (nodes, finding) => {
    expect(nodeFindings("c", nodes)).toMatchObject([finding]);
  });
});
