import { describe, expect, test } from "vitest";
import { edited } from "../../../config/edits.ts";
import { oldProxies } from "../../../operations/oldProxies.ts";
import {
  declaredAt,
  type IstioState,
  istioEdits,
  type Level,
  levelOf,
  undone,
  upgradeProblem,
} from "../../../operations/upgrade.ts";
import { upgradeObstacles } from "../../../operations/upgradeGate.ts";
import type { ClusterFacts } from "../../../status/facts.ts";

const [from, to] = ["1.30.4", "1.31.0"];
const all = [0, 1, 2, 3, 4, 5, 6] as const;
const at = (level: Level, before = Math.max(0, level - 1) as Level): IstioState => ({
  ...{ id: "istio", cluster: "one", level, before, from, to },
});
const entry = (level: Level) => ({ name: "one", ...(level > 0 && { istio: declaredAt(level, to) }) });
const declaredBy = (state: IstioState, level: Level) => {
  const { clusters } = edited({ clusters: [entry(level)] }, istioEdits(state, entry(level), ["clusters", 0]));
  const [{ istio } = {}] = clusters as { istio?: object }[];
  return istio === undefined ? 0 : Math.max(levelOf(istio, to), 1);
};

describe("an entry", () => {
  test.each(all)("is recognised as being at level %i", (level) => {
    expect(levelOf(declaredAt(level, to), to)).toBe(level);
  });

  test.each(all.slice(1))("reaches level %i and goes back, and repeating either changes nothing", (level) => {
    const before = (level - 1) as Level;
    expect(declaredBy(at(level), before)).toBe(level);
    expect(istioEdits(at(level), entry(level), [])).toEqual([]);
    expect(declaredBy(undone(at(level)), level)).toBe(before);
    expect(istioEdits(undone(at(level)), entry(before), [])).toEqual([]);
  });

  test("beyond the target level is not changed, in both directions", () => {
    expect(istioEdits(at(2), entry(5), [])).toEqual([]);
    expect(istioEdits(undone(at(5)), entry(1), [])).toEqual([]);
  });

  test("of a patch release takes one step, in both directions", () => {
    const patch = at(6, 0);
    expect(declaredBy(patch, 0)).toBe(6);
    expect(declaredBy(undone(patch), 6)).toBe(0);
  });
});

const istiod = (name: string, version: string, ...pods: string[]) => ({
  ...{ pod: `${name}-5d8f-x2`, version, watched: {}, networks: {}, endpoints: {} },
  proxies: pods.map((pod) => ({ pod, version })),
});
const GATEWAY = "istio-system/istio-ingressgateway-5d8f7-x2kl9";
/** A gateway of another owner, whose name begins like the program's. */
const FOREIGN = "istio-system/istio-ingressgateway-internal-5d8f7-x2kl9";
const seen = (...istiods: ReturnType<typeof istiod>[]) => ({
  looks: [{ name: "one", istiods, notReady: { istiod: [] } } as unknown as ClusterFacts],
});
const ids = (state: IstioState, ...istiods: ReturnType<typeof istiod>[]) =>
  upgradeObstacles(seen(...istiods), state).map(({ id }) => id);

describe("the gate of level", () => {
  test.each<[string, IstioState, string[], ReturnType<typeof istiod>[]]>([
    ["1 with both istiods", at(1), [], [istiod("istiod", from, GATEWAY), istiod("istiod-next", to)]],
    ["1 without the second istiod", at(1), ["nextMissing"], [istiod("istiod", from, GATEWAY)]],
    [
      "1 while the second istiod has the old version",
      at(1),
      ["nextMissing"],
      [istiod("istiod", from), istiod("istiod-next", from)],
    ],
    [
      "3 while the first istiod serves a gateway",
      at(3),
      ["notServed"],
      [istiod("istiod", from, GATEWAY), istiod("istiod-next", to)],
    ],
    [
      "3 while the first istiod serves only a gateway of another owner",
      at(3),
      [],
      [istiod("istiod", from, FOREIGN), istiod("istiod-next", to, GATEWAY)],
    ],
    [
      "3 while the second istiod serves only a gateway of another owner",
      at(3),
      ["notServed"],
      [istiod("istiod", from), istiod("istiod-next", to, FOREIGN)],
    ],
    ["3 while no istiod serves a gateway", at(3), ["notServed"], [istiod("istiod", from), istiod("istiod-next", to)]],
    [
      "3 once the second istiod serves the gateway",
      at(3),
      [],
      [istiod("istiod", from, "shop/a"), istiod("istiod-next", to, GATEWAY)],
    ],
    [
      "4 while a replica has the old version",
      at(4),
      ["istiodVersion"],
      [istiod("istiod", to), istiod("istiod", from), istiod("istiod-next", to, GATEWAY)],
    ],
    [
      "5 while the second istiod serves a proxy",
      at(5),
      ["stillServed"],
      [istiod("istiod", to, GATEWAY), istiod("istiod-next", to, "shop/a")],
    ],
    ["5 once the second istiod serves no proxy", at(5), [], [istiod("istiod", to, GATEWAY), istiod("istiod-next", to)]],
    ["6 while the second istiod exists", at(6), ["nextThere"], [istiod("istiod", to), istiod("istiod-next", to)]],
    ["6 once the second istiod is gone", at(6), [], [istiod("istiod", to)]],
    [
      "3 on the way back, while the first istiod has the new version",
      undone(at(4)),
      ["istiodVersion"],
      [istiod("istiod", to), istiod("istiod-next", to, GATEWAY)],
    ],
    [
      "1 on the way back, while the second istiod serves a proxy",
      undone(at(2)),
      ["stillServed"],
      [istiod("istiod", from, GATEWAY), istiod("istiod-next", to, "shop/a")],
    ],
    ["0 on the way back", undone(at(1)), [], [istiod("istiod", from, GATEWAY)]],
  ])("%s", (_, state, expected, istiods) => {
    expect(ids(state, ...istiods)).toEqual(expected);
  });

  test("waits for every gateway of the program to be served by the second istiod", () => {
    const mesh = seen(istiod("istiod", from), istiod("istiod-next", to, GATEWAY));
    const ingress = {
      id: "notServed",
      severity: "error",
      cluster: "one",
      peer: "",
      pods: ["istio-system/istio-ingress"],
    };
    expect(upgradeObstacles(mesh, at(3), ["istio-ingressgateway", "istio-ingress"])).toEqual([ingress]);
  });

  test("ignores a cluster that does not answer, because that is a separate finding", () => {
    expect(upgradeObstacles({ looks: [{ name: "one", network: "one", failure: "x" }] }, at(1))).toEqual([]);
  });
});

test("a proxy of another build of the same release is not outdated", () => {
  const mesh = seen(istiod("istiod", `${to}-acme`, "shop/web-1"));
  expect(oldProxies(mesh, { sample: { enabled: false } } as never, to)).toEqual([]);
});

test("outdated proxies exclude the pods that the program restarts itself", () => {
  const sample = { enabled: true, namespace: "sample" } as never;
  const mesh = seen(
    istiod("istiod", from, GATEWAY, "sample/sleep-1", "sample/mine-1", "shop/web-1"),
    istiod("istiod-next", to, "shop/new-1"),
  );
  expect(oldProxies(mesh, { sample }, to)).toEqual([{ cluster: "one", pods: ["sample/mine-1", "shop/web-1"] }]);
  expect(oldProxies(mesh, { sample }, from)).toEqual([{ cluster: "one", pods: ["shop/new-1"] }]);
});

test.each([
  ["1.29.7", "1.31.0", undefined],
  ["1.31.0", "1.31.4", undefined],
  ["1.28.2", "1.31.0", "tooFar"],
  ["1.31.4", "1.31.0", "older"],
])("from %s to %s: allowed, or the reason against it", (before, version, expected) => {
  expect(upgradeProblem(before, version)).toBe(expected);
});
