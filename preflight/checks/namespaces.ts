// Whether the mesh can use its namespaces.
import { SYSTEM_NAMESPACE, wasMade } from "../../mesh/ownership.ts";
import type { PreflightFinding } from "../../mesh/preflightFindings.ts";
import { otherInjection } from "../../mesh/sampleInjection.ts";
import type { Check, ObservedCluster } from "../cluster.ts";

export interface Namespace {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
    readonly deletionTimestamp?: string;
  };
  readonly status?: { readonly conditions?: readonly { readonly status: string; readonly message?: string }[] };
}

export const namespaceOf = ({ read }: ObservedCluster, name: string) => read<Namespace>(`/api/v1/namespaces/${name}`);

export const namespaces: Check = async (observed, { sample }) => {
  const names = [SYSTEM_NAMESPACE, ...(sample.enabled ? [sample.namespace] : [])];
  const found = await Promise.all(names.map((name) => namespaceOf(observed, name)));
  return found.map((namespace, position) => namespaceFinding(observed.name, names[position] as string, namespace));
};

export function namespaceFinding(cluster: string, name: string, found: Namespace | undefined): PreflightFinding {
  const about = { cluster, namespace: name };
  if (found === undefined) return { id: "namespaceComes", severity: "ok", ...about };
  if (found.metadata.deletionTimestamp !== undefined) {
    const why = (found.status?.conditions ?? []).filter(({ status }) => status === "True");
    return { id: "namespaceEnds", severity: "error", ...about, said: why.map(({ message }) => message).join(" ") };
  }
  const ours = wasMade(found as object);
  const isSystem = name === SYSTEM_NAMESPACE;
  const label = ours && !isSystem ? undefined : otherInjection(found.metadata.labels ?? {});
  if (label === undefined) return { id: ours ? "namespaceOurs" : "namespaceLent", severity: "ok", ...about };
  // Gateways get their proxy by injection as well.
  return { id: isSystem ? "systemKeepsProxiesOut" : "namespaceKeepsSidecarsOut", severity: "error", ...about, label };
}
