import { beforeEach, expect, test } from "vitest";
import { remoteSecretForgotten } from "../../../istiod/remoteSecretForgotten.ts";
import { type FakeCluster, type FakeMesh, makeFakeMesh } from "../proof/fakeMesh.ts";

const known = (...names: readonly string[]) =>
  JSON.stringify(
    names.map((id) => ({ id, secretName: `istio-system/istio-remote-secret-${id}`, syncStatus: "synced" })),
  );

let fake: FakeMesh;
let ncloud: FakeCluster;
/** Endpoints by cluster. */
let endpoints: Record<string, object[]>;
beforeEach(async () => {
  fake = await makeFakeMesh();
  ({ ncloud } = fake.clusters as { ncloud: FakeCluster });
  ncloud.istiods = { "istiod-1": known("kt") };
  endpoints = { "Kubernetes/ncloud": [{}], "Kubernetes/kt": [{}] };
});

function run(within?: number) {
  const cluster = fake.connect({ name: "ncloud" });
  return remoteSecretForgotten(
    {
      ...cluster,
      exec: async (pod, container, command, options) => {
        if (!command.includes("/debug/endpointShardz")) return cluster.exec(pod, container, command, options);
        const shards = { "reviews.sample.svc": { sample: { Shards: endpoints } } };
        return { stdout: JSON.stringify(shards), stderr: "", exitCode: 0 };
      },
    },
    { source: "nhn", namespace: "istio-system" },
    undefined,
    within,
  );
}

test("does not restart an istiod that has neither the cluster nor its endpoints", async () => {
  expect(await run()).toBeUndefined();
  expect(ncloud.restarted).toEqual([]);
});

test("resolves if no istiod runs", async () => {
  ncloud.istiods = {};
  expect(await run()).toBeUndefined();
});

test("waits while an istiod watches the cluster or has its endpoints", async () => {
  ncloud.istiods = { "istiod-1": known("kt"), "istiod-2": known("kt", "nhn") };
  endpoints["Kubernetes/nhn"] = [{}];
  const seen: string[] = [];
  ncloud.onExec = () => {
    seen.push(Object.keys(endpoints).join());
    // The watch ends first, then the endpoints disappear.
    if (seen.length === 2) ncloud.istiods = { "istiod-1": known("kt"), "istiod-2": known("kt") };
    if (seen.length === 6) delete endpoints["Kubernetes/nhn"];
  };
  expect(await run()).toBeUndefined();
  expect(seen.length).toBeGreaterThan(5);
  expect(ncloud.restarted).toEqual([]);
});

test("restarts istiod once if endpoints remain without a watch", async () => {
  endpoints["Kubernetes/nhn"] = [{}, {}];
  ncloud.onExec = () => {
    if (ncloud.restarted.length > 0) delete endpoints["Kubernetes/nhn"];
  };
  expect(await run(300)).toBeUndefined();
  expect(ncloud.restarted).toEqual(["istiod"]);
});

test.each([
  ["still watches nhn", () => Object.assign(ncloud.istiods, { "istiod-1": known("nhn") })],
  ["still has 2 endpoints of nhn", () => Object.assign(endpoints, { "Kubernetes/nhn": [{}, {}] })],
])("reports that istiod %s after a restart", async (left, keep) => {
  keep();
  expect(await run(300)).toBe(`istiod-1 ${left}`);
  expect(ncloud.restarted).toEqual(["istiod"]);
});
