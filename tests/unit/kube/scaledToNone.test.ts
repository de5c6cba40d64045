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
  ["without the field replicas, which means 1", deployment(undefined, "2"), undefined],
  ["marked with 0", deployment(0, "0"), undefined],
  ["marked with a word", deployment(0, "two"), undefined],
  ["marked with an empty value", deployment(0, ""), undefined],
])("returns the replicas to restore of a Deployment that is %s", (_, live, replicas) => {
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

test("restores the replicas and removes the mark in one write", async () => {
  const live = deployment(0, "2");
  const patch = { metadata: { annotations: { [MARK]: null } }, spec: { replicas: 2 } };
  expect(await restored(live)).toEqual({ replicas: 2, merges: [[live, patch]] });
});

test("only removes the mark if the Deployment has replicas again", async () => {
  const live = deployment(3, "2");
  const patch = { metadata: { annotations: { [MARK]: null } } };
  expect(await restored(live)).toEqual({ replicas: undefined, merges: [[live, patch]] });
});

test.each([
  ["a missing Deployment", undefined],
  ["a Deployment at 0 without the mark", deployment(0)],
  ["a Deployment with replicas and without the mark", deployment(2)],
])("changes nothing for %s", async (_, live) => {
  expect(await restored(live)).toEqual({ replicas: undefined, merges: [] });
});

test("backFromNone reverts toNone", () => {
  expect(toNone(2)).toEqual({ metadata: { annotations: { [MARK]: "2" } }, spec: { replicas: 0 } });
  expect(backFromNone(2)).toEqual({ metadata: { annotations: { [MARK]: null } }, spec: { replicas: 2 } });
});
