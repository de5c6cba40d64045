// Decides who owns the Gateway API's CRDs in a cluster, and what to do about them. Pure.
import type { V1CustomResourceDefinition } from "@kubernetes/client-node";

export const GROUP = "gateway.networking.k8s.io";
/**
 * Label on CRDs that this program installed. Its value is the release: if the live release is another one, others have
 * taken over the CRD.
 */
export const INSTALLED = "csp-mesh.io/gateway-api";
const BUNDLE_VERSION = `${GROUP}/bundle-version`;

/** Release of the Gateway API, such as `v1.2.1`. CRDs older than the first releases have none. */
export const releaseOf = ({ metadata }: V1CustomResourceDefinition) => metadata?.annotations?.[BUNDLE_VERSION] ?? "v0";

/** Whether this program installed the CRD, and others have not installed another release over it. */
export const isOurs = (crd: V1CustomResourceDefinition) => crd.metadata?.labels?.[INSTALLED] === releaseOf(crd);

/** Negative if release `a` is older than `b`, 0 if they are the same. `v1.3.0-rc.1` is older than `v1.3.0`. */
export function compareReleases(a: string, b: string): number {
  // Usually they are the same. Creating a process's first collator takes Node longer than everything else here.
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

/** The action for one of our CRDs. */
export type Step = "create" | "replace" | "keep";

export interface InstallPlan {
  readonly steps: readonly {
    readonly wanted: V1CustomResourceDefinition;
    readonly live: V1CustomResourceDefinition | undefined;
    readonly step: Step;
  }[];
  /** Explains, for people, why something was not done; undefined otherwise. */
  readonly notice: string | undefined;
}

/**
 * All or nothing, because the CRDs of one release belong together: if the provider has any of them, they are left
 * alone. CRDs that this program installed are upgraded but never downgraded.
 *
 * @param live the cluster's CRDs with the names of `wanted`
 */
export function planInstall(
  wanted: readonly V1CustomResourceDefinition[],
  live: readonly V1CustomResourceDefinition[],
): InstallPlan {
  const foreign = live.filter((crd) => !isOurs(crd));
  if (foreign.length > 0) {
    const releases = [...new Set(foreign.map(releaseOf))].join(", ");
    return {
      steps: [],
      notice: `the cluster has Gateway API ${releases} (${foreign.length} of ${wanted.length} kinds), which stays unchanged`,
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
      `the cluster has Gateway API ${releaseOf(newer)}, newer than ${releaseOf(wanted[0] as V1CustomResourceDefinition)}, which stays unchanged`,
  };
}
