// The Istio of each cluster. Clusters differ only during an upgrade.

import { isNewer } from "../mesh/istioLines.ts";
import type { Served } from "../mesh/nextIstiod.ts";
import { type ChartSource, chartSource } from "./charts.ts";
import { attempt, problem, quote } from "./problems.ts";
import type { ClusterIstioSettings } from "./upgradeSchema.ts";

/** The chart and the image tag of one istiod. */
export interface IstiodVersion {
  readonly version: string;
  readonly tag: string;
  readonly chart: ChartSource;
}

export interface ClusterIstio extends IstiodVersion {
  /** Chart `base` (CRDs) in the version of the newest istiod. */
  readonly base: Omit<IstiodVersion, "tag">;
  readonly next?: (IstiodVersion & { readonly serves: Served }) | undefined;
}

interface MeshIstio {
  readonly version: string;
  /** As in the config, without a default. */
  readonly tag?: string | undefined;
  readonly charts: string;
  readonly chartDigests?: object | undefined;
}

/** Derives the image tag of another version from the configured tag; undefined if that does not contain the version. */
export function tagFor(version: string, istio: Pick<MeshIstio, "version" | "tag">): string | undefined {
  if (version === istio.version) return istio.tag ?? version;
  if (istio.tag === undefined) return version;
  // The tag 1.29.12 does not contain the version 1.29.1.
  const held = new RegExp(`(?<![\\d.])${istio.version.replaceAll(".", "\\.")}(?!\\.?\\d)`);
  return held.test(istio.tag) ? istio.tag.replace(held, version) : undefined;
}

/**
 * @param problems gets a line for each version that is not available
 * @returns undefined if a chart or a tag is missing
 */
export function istioOf(
  { istio, position }: { readonly istio?: ClusterIstioSettings | undefined; readonly position: number },
  mesh: MeshIstio,
  root: string,
  problems: string[],
): ClusterIstio | undefined {
  const path = (...more: string[]) => ["clusters", position, "istio", ...more];
  const chart = (name: "base" | "istiod", version: string, at: PropertyKey[]) =>
    attempt(problems, version === mesh.version ? ["istio", "charts"] : at, () =>
      chartSource(mesh.charts, name, version, root, version !== mesh.version),
    );
  const istiod = (version: string, at: PropertyKey[]): IstiodVersion | undefined => {
    const tag = tagFor(version, mesh);
    if (tag === undefined)
      problems.push(
        problem(
          at,
          `istio.tag ${quote(mesh.tag ?? "")} does not contain istio.version ${mesh.version}, so the tag for ${version} is unknown; set a tag that does`,
        ),
      );
    if (version !== mesh.version && mesh.chartDigests !== undefined)
      problems.push(
        problem(at, `istio.chartDigests are those of ${mesh.version}; remove them while a cluster has another version`),
      );
    const source = chart("istiod", version, at);
    return source && tag !== undefined ? { version, tag, chart: source } : undefined;
  };
  const version = istio?.version ?? mesh.version;
  const own = istiod(version, path("version"));
  const next = istio?.next && istiod(istio.next.version, path("next", "version"));
  const newest = istio?.next && isNewer(istio.next.version, version) ? istio.next.version : version;
  const base = chart("base", newest, istio?.next ? path("next", "version") : path("version"));
  if (own === undefined || base === undefined || (istio?.next && next === undefined)) return undefined;
  return {
    ...own,
    base: { version: newest, chart: base },
    ...(next && istio?.next && { next: { ...next, serves: istio.next.serves } }),
  };
}
