// Compares the cluster's Gateway API with the required one.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { V1CustomResourceDefinition } from "@kubernetes/client-node";
import { compareReleases, GROUP, isOurs, releaseOf } from "../../mesh/gatewayApiPlan.ts";
import { ignoredKinds, istioLine } from "../../mesh/istioLines.ts";
import type { PreflightFinding } from "../../mesh/preflightFindings.ts";
import type { Check } from "../cluster.ts";
import { CRDS, METADATA } from "./istio.ts";

type Crd = Pick<V1CustomResourceDefinition, "metadata">;

export const gatewayApi: Check = async ({ name: cluster, list }, { gatewayApi: { source }, istio: { version } }) => {
  const all = await list<Crd>(CRDS, METADATA);
  const live = all.filter(({ metadata }) => metadata?.name?.endsWith(`.${GROUP}`));
  return gatewayApiFindings(cluster, live as V1CustomResourceDefinition[], source, version);
};

/** @param istio release of Istio */
export function gatewayApiFindings(
  cluster: string,
  live: readonly V1CustomResourceDefinition[],
  source: string | undefined,
  istio: string,
): PreflightFinding[] {
  const finding = gatewayApiFinding(cluster, live, source);
  const oldest = live.map(releaseOf).toSorted(compareReleases)[0];
  const [release, ours] =
    finding.id === "gatewayApiComes" ? [finding.release, true] : [oldest, finding.id === "gatewayApi" && finding.ours];
  const kinds = release === undefined ? [] : ignoredKinds(istio, release);
  if (release === undefined || kinds.length === 0) return [finding];
  const wanted = istioLine(istio)?.gatewayApi ?? "";
  const ignored = {
    id: "gatewayApiKindsIgnored",
    severity: "warning",
    cluster,
    release,
    istio,
    kinds,
    wanted,
    ours,
  } as const;
  return finding.id === "gatewayApiDiffers" && finding.is === "older" ? [ignored] : [finding, ignored];
}

export function gatewayApiFinding(
  cluster: string,
  live: readonly V1CustomResourceDefinition[],
  source: string | undefined,
): PreflightFinding {
  const wanted = source === undefined ? undefined : releaseAt(source);
  const releases = [...new Set(live.map(releaseOf))].toSorted(compareReleases);
  const release = releases.at(-1);
  if (release === undefined) {
    if (source === undefined) return { id: "noGatewayApi", severity: "ok", cluster };
    return { id: "gatewayApiComes", severity: "ok", cluster, ...(wanted !== undefined && { release: wanted }) };
  }
  const difference = wanted === undefined ? 0 : compareReleases(release, wanted);
  const ours = live.every(isOurs);
  if (ours) {
    if (wanted !== undefined && difference < 0) {
      return { id: "gatewayApiComes", severity: "ok", cluster, release: wanted, from: release };
    }
    return { id: "gatewayApi", severity: "ok", cluster, release, ours };
  }
  if (releases.length === 1 && difference === 0) return { id: "gatewayApi", severity: "ok", cluster, release, ours };
  const is = releases.length > 1 ? "mixed" : difference > 0 ? "newer" : "older";
  return { id: "gatewayApiDiffers", severity: "warning", cluster, releases, wanted: wanted ?? "-", is };
}

/** The release of a manifest, if its path or URL or a local file shows it. Downloads nothing. */
export function releaseAt(source: string): string | undefined {
  if (/^https:\/\//.test(source)) return /\/(v\d+\.\d+\.\d+[^/]*)\//.exec(source)?.[1];
  try {
    const isFolder = statSync(source).isDirectory();
    const files = isFolder ? readdirSync(source).map((name) => join(source, name)) : [source];
    for (const file of files) {
      const found = new RegExp(`${GROUP}/bundle-version: *["']?(v[\\w.-]+)`).exec(readFileSync(file, "utf8"));
      if (found) return found[1];
    }
  } catch {
    // The resource that installs it reports the error.
  }
  return undefined;
}
