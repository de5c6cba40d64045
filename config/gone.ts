import type { CASettings } from "./caSchema.ts";

/** Whether an entry of a raw `clusters` list is a cluster that is gone for good. Nothing that it names has to exist. */
export const isGone = (entry: unknown) => (entry as { state?: unknown } | null | undefined)?.state === "gone";

/** Whether an entry is a cluster that the others see, now and later. */
export const isStaying = ({ state }: { readonly state: string }) => state === "present";

/** The same mesh without the clusters that leave, which the others do not watch. */
export function onlyStaying<Config extends { readonly clusters: readonly { readonly isStaying: boolean }[] }>(
  config: Config,
): Config {
  return { ...config, clusters: config.clusters.filter((cluster) => cluster.isStaying) };
}

/** A CA without the given intermediates of clusters that are gone: they may have expired. */
export function withoutIntermediates(ca: CASettings, gone: readonly { readonly name: string }[]): CASettings {
  if (ca.source !== "intermediates") return ca;
  const names = new Set(gone.map(({ name }) => name));
  const kept = Object.entries(ca.intermediates).filter(([name]) => !names.has(name));
  return { ...ca, intermediates: Object.fromEntries(kept) };
}

/** A survivor is a mesh that can grow again. Without any other entry, one cluster is more likely a mistake. */
export function loneliness(clusters: readonly unknown[]): string[] {
  return clusters.length > 1 ? [] : ["clusters: there is only one, which has nothing to reach; add the others here"];
}
