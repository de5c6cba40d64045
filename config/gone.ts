import type { CASettings } from "./caSchema.ts";

/**
 * Whether an entry of a raw `clusters` list is a cluster that is permanently gone. Files and contexts in such an entry
 * need not exist.
 */
export const isGone = (entry: unknown) => (entry as { state?: unknown } | null | undefined)?.state === "gone";

/** Whether an entry is a cluster that the others watch and will continue to watch. */
export const isStaying = ({ state }: { readonly state: string }) => state === "present";

/** The mesh without the leaving clusters, which the others do not watch. */
export function onlyStaying<Config extends { readonly clusters: readonly { readonly isStaying: boolean }[] }>(
  config: Config,
): Config {
  return { ...config, clusters: config.clusters.filter((cluster) => cluster.isStaying) };
}

/** A CA without the intermediates of gone clusters, which may have expired. */
export function withoutIntermediates(ca: CASettings, gone: readonly { readonly name: string }[]): CASettings {
  if (ca.source !== "intermediates") return ca;
  const names = new Set(gone.map(({ name }) => name));
  const kept = Object.entries(ca.intermediates).filter(([name]) => !names.has(name));
  return { ...ca, intermediates: Object.fromEntries(kept) };
}

/**
 * A single cluster is accepted if other entries are gone or leaving, because the mesh may grow again. Otherwise it is
 * probably a mistake.
 */
export function tooFewClusters(clusters: readonly unknown[]): string[] {
  return clusters.length > 1 ? [] : ["clusters: a mesh needs at least two; add the others here"];
}
