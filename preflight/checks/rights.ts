// Whether the account may do all that pulumi up, the proof and pulumi destroy will do.
import type { PreflightFinding } from "../../mesh/preflightFindings.ts";
import type { Check, ObservedCluster } from "../cluster.ts";
import { neededRights, type Right, rotationRights } from "../rights.ts";
import { rightsSettings } from "../rightsSettings.ts";
import type { MeshSettings } from "../settings.ts";

const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

export const rights: Check = async (observed, mesh) => {
  const { name: cluster, settings } = observed;
  // For an administrator, this is the only request.
  if (await isAllowed(observed, { verb: "*", group: "*", resource: "*" })) {
    return [{ id: "allowed", severity: "ok", cluster, rights: "all" }];
  }
  const needed = neededRights(rightsSettings(mesh, settings, mesh.preflight));
  const answers = await Promise.all(needed.map((right) => isAllowed(observed, right)));
  const missing = needed.filter((_, position) => !answers[position]);
  return [
    missing.length === 0
      ? { id: "allowed", severity: "ok", cluster, rights: needed.length }
      : { id: "notAllowed", severity: "error", cluster, rights: rightsLines(missing) },
    ...(await missingForRotation(observed, mesh)),
  ];
};

/** `pulumi up` does not need these rights: check them only during a rotation. */
async function missingForRotation(
  observed: ObservedCluster,
  { rootRotation }: MeshSettings,
): Promise<PreflightFinding[]> {
  if (rootRotation === undefined) return [];
  const answers = await Promise.all(rotationRights.map((right) => isAllowed(observed, right)));
  const missing = rotationRights.filter((_, position) => !answers[position]);
  const { name: cluster } = observed;
  return missing.length === 0
    ? []
    : [{ id: "notAllowedForRotation", severity: "warning", cluster, rights: rightsLines(missing) }];
}

async function isAllowed({ post }: ObservedCluster, right: Right): Promise<boolean> {
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview" };
  const { status } = await post<{ status: { allowed: boolean } }>(REVIEWS, {
    ...review,
    spec: { resourceAttributes: right },
  });
  return status.allowed;
}

/** Missing rights, one line per resource: `create patch deployments.apps (istio-system)`. */
export function rightsLines(rights: readonly Right[]): string[] {
  const verbs = new Map<string, string[]>();
  for (const { verb, group, resource, subresource, namespace, name } of rights) {
    const kind = `${[resource, group].filter(Boolean).join(".")}${subresource ? `/${subresource}` : ""}`;
    const place = [namespace, name].filter(Boolean).join("/");
    const what = place === "" ? kind : `${kind} (${place})`;
    verbs.set(what, [...(verbs.get(what) ?? []), verb]);
  }
  return [...verbs].map(([what, which]) => `${which.join(" ")} ${what}`);
}
