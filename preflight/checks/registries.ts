// Istio registries that were shut down: images from them cannot be pulled again.
import type { Check } from "../cluster.ts";
import { type Node, nodesOf } from "./nodes.ts";

/** Shut down from December 2026 on (Istio's announcement). `registry.istio.io` was the default hub of 1.30 only. */
const ENDED = /^(registry\.istio\.io|gcr\.io\/istio-release)\//;

export const registries: Check = async (observed, { istio: { hub } }) =>
  registryFindings(observed.name, await nodesOf(observed), hub);

/** Reads images from the nodes' statuses, which list the 50 largest by default. */
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
