// The lab with one cluster of each provider, which several suites of tests use in turn.
import { labDown } from "../../../lab/down.ts";
import { labSpec } from "../../../lab/spec.ts";
import { type Lab, labUp } from "../../../lab/up.ts";
import { type Api, apiOf } from "../kubectl.ts";
import { options } from "../testLab.ts";

const three = { ...options, clusters: 3 };

export let lab: Lab;
export let apis: readonly Api[];
export const clusterNames = labSpec(three).clusters.map(({ name }) => name) as [string, string, string];

export async function start(): Promise<void> {
  await end();
  lab = await labUp(three);
  apis = lab.clusters.map((cluster) => apiOf(lab, cluster));
}

export const end = () => labDown(labSpec(three));
