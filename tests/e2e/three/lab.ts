// The lab with one cluster of each provider, which several suites of tests use in turn.
import { execa } from "execa";
import { expect } from "vitest";
import { istiodDebug } from "../../../istiod/debug.ts";
import { endpointsByCluster } from "../../../istiod/endpointShards.ts";
import { labDown } from "../../../lab/down.ts";
import { type ClusterSpec, labSpec } from "../../../lab/spec.ts";
import { type Lab, type LabUpOptions, labUp } from "../../../lab/up.ts";
import { type Api, apiOf } from "../kubectl.ts";
import { options } from "../testLab.ts";

const three = { ...options, clusters: 3 };

export let lab: Lab;
export let apis: readonly Api[];
export const clusterNames = labSpec(three).clusters.map(({ name }) => name) as [string, string, string];

/** @param istio releases whose images and charts the lab has besides the current one's */
export async function start(istio: LabUpOptions["istio"] = []): Promise<void> {
  await end();
  lab = await labUp({ ...three, istio });
  apis = lab.clusters.map((cluster) => apiOf(lab, cluster));
}

/** Cuts a cluster off from everything outside of it, or connects it again. */
export const cable = ({ cable }: ClusterSpec, to: "up" | "down") =>
  execa("ip", ["-n", lab.cloudNetns, "link", "set", cable, to]);

/** Expects that the istiods of these clusters have endpoints of these clusters alone. */
export async function expectEndpointsOnlyOf(clusters: readonly Api[]): Promise<void> {
  const names = clusters.map(({ cluster: { name } }) => name).toSorted();
  for (const { cluster } of clusters) {
    const shards = await istiodDebug(cluster, "/debug/endpointShardz");
    for (const { text } of shards) expect(Object.keys(endpointsByCluster(text)).toSorted()).toEqual(names);
  }
}

export const end = () => labDown(labSpec(three));
