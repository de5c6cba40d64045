import { beforeEach, expect, test } from "vitest";
import { endpointsByCluster } from "../../../istiod/endpointShards.ts";
import { remoteSecretInUse } from "../../../istiod/remoteSecretInUse.ts";
import { type FakeCluster, type FakeMesh, makeFakeMesh } from "../proof/fakeMesh.ts";

const settings = { source: "nhn", namespace: "istio-system" };
const patience = { deadline: 600, settled: 20 };

let fake: FakeMesh;
let ncloud: FakeCluster;
let shards: string;
beforeEach(async () => {
  fake = await makeFakeMesh();
  ({ ncloud } = fake.clusters as { ncloud: FakeCluster });
  shards = JSON.stringify({
    "kube-dns.kube-system.svc": { "kube-system": { Shards: { "Kubernetes/nhn": [{}, {}] } } },
  });
});

function run() {
  const cluster = fake.connect({ name: "ncloud" });
  return remoteSecretInUse(
    {
      ...cluster,
      exec: async (pod, container, command, options) =>
        command.includes("/debug/endpointShardz")
          ? { stdout: shards, stderr: "", exitCode: 0 }
          : cluster.exec(pod, container, command, options),
    },
    settings,
    patience,
  );
}

const status = (value: string) =>
  JSON.stringify([
    { id: "ncloud", secretName: "", syncStatus: "synced" },
    { id: "nhn", secretName: "istio-system/istio-remote-secret-nhn", syncStatus: value },
  ]);

test("does not restart an istiod that has synced", async () => {
  await run();
  expect(ncloud.restarted).toEqual([]);
});

test("restarts an istiod once if it is stuck with the former secret", async () => {
  ncloud.istiods = { "istiod-1": status("synced"), "istiod-2": status("closed") };
  ncloud.onExec = () => {
    if (ncloud.restarted.length > 0) ncloud.istiods = { "istiod-3": status("synced") };
  };
  await run();
  expect(ncloud.restarted).toEqual(["istiod"]);
});

test("restarts only the stuck one of two istiods during an upgrade of Istio", async () => {
  ncloud.istiods = { "istiod-1": status("synced"), "istiod-next-2": status("closed") };
  ncloud.onExec = () => {
    if (ncloud.restarted.length > 0)
      ncloud.istiods = { "istiod-1": status("synced"), "istiod-next-3": status("synced") };
  };
  await run();
  expect(ncloud.restarted).toEqual(["istiod-next"]);
});

test.each([
  [status("closed"), "istiod-1: nhn is closed", ["istiod"]],
  [status("timeout"), "istiod-1: nhn is timeout", []],
  ["[]", "istiod-1: nhn is unknown", []],
])("fails if the peer remains %s", async (clusterz, seen, restarted) => {
  ncloud.istiods = { "istiod-1": clusterz };
  await expect(run()).rejects.toThrow(
    new Error(
      `${seen} after 0.6 s. Nothing was deleted, and a former token stays valid: check that istiod reaches the API server of nhn, then run again`,
    ),
  );
  expect(ncloud.restarted).toEqual(restarted);
});

test("fails if no istiod is ready", async () => {
  ncloud.istiods = {};
  await expect(run()).rejects.toThrow("no istiod is ready in istio-system after 0.6 s. ");
});

test("fails if istiod has no endpoints of the peer", async () => {
  shards = JSON.stringify({
    "kube-dns": { "kube-system": { Shards: { "Kubernetes/ncloud": [{}], "Kubernetes/nhn": null } } },
  });
  await expect(run()).rejects.toThrow("istiod-ncloud: nhn is synced, but has no endpoints after 0.6 s. ");
});

test("counts the endpoints of a cluster in all services and namespaces", () => {
  const Shards = { "Kubernetes/a": [{}, {}], "Kubernetes/b": [{}], "External/a": [{}] };
  expect(endpointsByCluster(JSON.stringify({ x: { n: { Shards }, m: { Shards } }, y: { n: {} } })).a).toBe(4);
});
