import { describe, expect, test } from "vitest";
import { type KnownCluster, parseClusterz } from "../../../istiod/clusterz.ts";
import { judgeSync } from "../../../proof/remoteClustersSynced.ts";

describe("parseClusterz", () => {
  test("parses istiod's answer", () => {
    const text =
      '[{"id":"a","secretName":"","syncStatus":"synced"},{"id":"b","secretName":"istio-system/s","syncStatus":"syncing"}]\n';
    expect(parseClusterz(text)).toEqual([
      { id: "a", secretName: "", syncStatus: "synced" },
      { id: "b", secretName: "istio-system/s", syncStatus: "syncing" },
    ]);
  });

  test.each(["", "404 page not found", "null", "{}", '[{"id":"a"}]', "[null]"])("rejects %j", (text) => {
    expect(() => parseClusterz(text)).toThrow(`not an answer of /debug/clusterz: ${JSON.stringify(text)}`);
  });
});

describe("judgeSync", () => {
  const own: KnownCluster = { id: "a", secretName: "", syncStatus: "synced" };
  const peer: KnownCluster = { id: "b", secretName: "istio-system/s", syncStatus: "synced" };
  const b = {
    cluster: "b",
    pod: "istiod-b",
    known: [
      { ...own, id: "b" },
      { ...peer, id: "a" },
    ],
  };
  const judge = (...known: KnownCluster[]) => judgeSync([{ cluster: "a", pod: "istiod-a", known }, b], ["a", "b"]);

  test("passes if all clusters are synced", () => {
    expect(judge(own, peer)).toEqual({ passed: true, seen: "a 1 replica, b 1 replica" });
  });

  test.each(["syncing", "timeout", "closed"])("fails on %s", (syncStatus) => {
    expect(judge(own, { ...peer, syncStatus })).toMatchObject({
      passed: false,
      seen: `istiod-a in a: b is ${syncStatus} (istio-system/s)`,
    });
  });

  test("fails if istiod's own cluster has another name", () => {
    expect(judge({ ...own, id: "Kubernetes" }, peer)).toEqual({
      passed: false,
      seen: 'istiod-a in a calls its own cluster "Kubernetes"',
      hint: "istiod's value global.multiCluster.clusterName must be a",
    });
  });

  test("fails if a peer is known twice", () => {
    expect(judge(own, peer, { ...peer, secretName: "istio-system/t" })).toMatchObject({
      passed: false,
      seen: "istiod-a in a knows b twice, from istio-system/s and istio-system/t",
    });
  });

  test("fails if a cluster has no istiod", () => {
    expect(judgeSync([b], ["a", "b"])).toMatchObject({ passed: false, seen: "no istiod is ready in a" });
  });
});
