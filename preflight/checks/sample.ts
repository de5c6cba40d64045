// Whether the sample keeps its version. The version belongs to the cluster, but its default follows from the cluster's
// position in the list.
import { MANAGED_BY, PROGRAM } from "../../mesh/ownership.ts";
import { REVIEWS } from "../../mesh/sampleParts.ts";
import type { Check } from "../cluster.ts";
import { claimOn } from "./claim.ts";

interface Deployment {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

export const sample: Check = async (observed, { sample: { enabled, namespace } }) => {
  if (!enabled || (await claimOn(observed)) === undefined) return [];
  const { name: cluster, settings } = observed;
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const found = await observed.list<Deployment>(path, { metadata: "list" });
  const live = found
    .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === PROGRAM)
    .flatMap(({ metadata: { name } }) => new RegExp(`^${REVIEWS}-v(\\d+)$`).exec(name)?.[1] ?? [])
    .map(Number);
  const wanted = settings.sampleVersion;
  // Both versions exist while an update is in progress.
  if (live[0] === undefined || live.includes(wanted)) return [];
  const field = `clusters[${settings.position}].sampleVersion`;
  return [{ id: "sampleMoves", severity: "warning", cluster, version: live[0], wanted, field }];
};
