// Registries of Istio's that are switched off: what still comes from them cannot be pulled again.
import type { Check } from "../cluster.ts";
import { type Node, nodesOf } from "./nodes.ts";

/** Off from December 2026 on (Istio's announcement; `registry.istio.io` was the default hub of 1.30 alone). */
const ENDED = /^(registry\.istio\.io|gcr\.io\/istio-release)\//;

export const registries: Check = async (observed, { istio: { hub } }) =>
  registryFindings(observed.name, await nodesOf(observed), hub);

/** Nodes list the images that they have, the largest first, fifty by default. */
export function registryFindings(
  cluster: string,
  nodes: readonly Pick<Node, "status">[],
  hub: string,
): Awaited<ReturnType<Check>> {
  const held = nodes.flatMap(({ status }) => (status.images ?? []).flatMap(({ names }) => names ?? []));
  const images = [...new Set(held.filter((name) => ENDED.test(name) && !name.includes("@")))].toSorted();
  return [
    ...(ENDED.test(`${hub}/`) ? [{ id: "endedHub", severity: "warning", cluster, hub } as const] : []),
    ...(images.length > 0 ? [{ id: "endedRegistry", severity: "warning", cluster, images } as const] : []),
  ];
}
