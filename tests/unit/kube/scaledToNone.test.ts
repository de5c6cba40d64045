import type { V1Deployment } from "@kubernetes/client-node";
import { expect, test, vi } from "vitest";
import type { Objects } from "../../../kube/objects.ts";
import { backFromNone, restoreScaled, scaledToNone, toNone } from "../../../kube/scaledToNone.ts";

const MARK = "csp-mesh.io/scaled-to-none";
const deployment = (replicas: number | undefined, mark?: string): V1Deployment => ({
  metadata: { name: "gw", namespace: "istio-system", ...(mark !== undefined && { annotations: { [MARK]: mark } }) },
  spec: { ...(replicas !== undefined && { replicas }), selector: {}, template: {} },
});

test.each<[string, V1Deployment, number | undefined]>([
  ["marked", deployment(0, "2"), 2],
  ["not marked", deployment(0), undefined],
  ["scaled up since", deployment(3, "2"), undefined],
  ["without replicas, which means one", deployment(undefined, "2"), undefined],
  ["marked with none", deployment(0, "0"), undefined],
  ["marked with anything", deployment(0, "two"), undefined],
  ["marked with nothing", deployment(0, ""), undefined],
])("a Deployment at none by a proof is told by its mark: %s", (_, live, replicas) => {
  expect(scaledToNone(live)).toBe(replicas);
});

async function restored(live: V1Deployment | undefined) {
  const read = vi.fn(async () => live);
  const merge = vi.fn(async () => {});
  const objects = { read, merge } as unknown as Objects;
  const replicas = await restoreScaled(objects, { namespace: "istio-system", name: "gw" });
  expect(read.mock.calls).toEqual([["apps/v1", "Deployment", "gw", "istio-system"]]);
  return { replicas, merges: merge.mock.calls };
}

test("what a proof left at none is put back in one write, without the mark", async () => {
  const live = deployment(0, "2");
  const patch = { metadata: { annotations: { [MARK]: null } }, spec: { replicas: 2 } };
  expect(await restored(live)).toEqual({ replicas: 2, merges: [[live, patch]] });
});

test("of one that has replicas again the mark goes alone", async () => {
  const live = deployment(3, "2");
  const patch = { metadata: { annotations: { [MARK]: null } } };
  expect(await restored(live)).toEqual({ replicas: undefined, merges: [[live, patch]] });
});

test.each([
  ["one that is not there", undefined],
  ["a person's none", deployment(0)],
  ["one as it should be", deployment(2)],
])("%s is left alone", async (_, live) => {
  expect(await restored(live)).toEqual({ replicas: undefined, merges: [] });
});

test("what scales to none is undone by its counterpart", () => {
  expect(toNone(2)).toEqual({ metadata: { annotations: { [MARK]: "2" } }, spec: { replicas: 0 } });
  expect(backFromNone(2)).toEqual({ metadata: { annotations: { [MARK]: null } }, spec: { replicas: 2 } });
});
