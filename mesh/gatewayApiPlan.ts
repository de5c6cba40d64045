// Whose the Gateway API's CustomResourceDefinitions are in a cluster, and what to do about them. Pure.
import type { V1CustomResourceDefinition } from "@kubernetes/client-node";

export const GROUP = "gateway.networking.k8s.io";
/** Label of what this program installed. Its value is the release: where that is no longer the live one, somebody else took over. */
export const INSTALLED = "csp-mesh.io/gateway-api";
const BUNDLE_VERSION = `${GROUP}/bundle-version`;

/** Release of the Gateway API, such as `v1.2.1`. Definitions from before its first releases have none. */
export const releaseOf = ({ metadata }: V1CustomResourceDefinition) => metadata?.annotations?.[BUNDLE_VERSION] ?? "v0";

/** Whether this program installed it, and nobody another release over it since. */
export const isOurs = (crd: V1CustomResourceDefinition) => crd.metadata?.labels?.[INSTALLED] === releaseOf(crd);

/** Negative where release `a` is older than `b`, 0 where they are the same. `v1.3.0-rc.1` is older than `v1.3.0`. */
export function compareReleases(a: string, b: string): number {
  // As most are. The first collator of a process takes Node longer than all the rest of the look at the definitions.
  if (a === b) return 0;
  const parts = (release: string) => release.split(/-(.*)/s) as [string, string?];
  const [[numbersA, previewA], [numbersB, previewB]] = [parts(a), parts(b)];
  const { compare } = new Intl.Collator("en", { numeric: true });
  const order = compare(numbersA, numbersB);
  if (order !== 0) return order;
  if (previewA === undefined || previewB === undefined)
    return Number(previewB !== undefined) - Number(previewA !== undefined);
  return compare(previewA, previewB);
}

/** What to do with one definition of ours, given what is live. */
export type Step = "create" | "replace" | "keep";

export interface InstallPlan {
  readonly steps: readonly {
    readonly wanted: V1CustomResourceDefinition;
    readonly live: V1CustomResourceDefinition | undefined;
    readonly step: Step;
  }[];
  /** Why not all of what was asked for is done, said for people. */
  readonly notice: string | undefined;
}

/**
 * All or nothing: the definitions of one release belong together, so where the provider has any of them, they are its own
 * business. What this program installed is raised to a newer release, and never lowered.
 *
 * @param live as found in the cluster under the names of `wanted`
 */
export function planInstall(
  wanted: readonly V1CustomResourceDefinition[],
  live: readonly V1CustomResourceDefinition[],
): InstallPlan {
  const theirs = live.filter((crd) => !isOurs(crd));
  if (theirs.length > 0) {
    const releases = [...new Set(theirs.map(releaseOf))].join(", ");
    return {
      steps: [],
      notice: `the cluster has Gateway API ${releases} (${theirs.length} of ${wanted.length} kinds): left alone`,
    };
  }
  const steps = wanted.map((crd) => {
    const found = live.find(({ metadata }) => metadata?.name === crd.metadata?.name);
    const step: Step = !found ? "create" : compareReleases(releaseOf(found), releaseOf(crd)) < 0 ? "replace" : "keep";
    return { wanted: crd, live: found, step };
  });
  const newer = live.find((found) => wanted.some((crd) => compareReleases(releaseOf(found), releaseOf(crd)) > 0));
  return {
    steps: newer ? [] : steps,
    notice:
      newer &&
      `the cluster has Gateway API ${releaseOf(newer)}, newer than ${releaseOf(wanted[0] as V1CustomResourceDefinition)}: left as it is`,
  };
}
