import { type IstiodSettings, istiodValues } from "../mesh/istiodValues.ts";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { brokenRules } from "../mesh/valueCheck.ts";
import { istiodConflicts } from "../mesh/values.ts";
import { isStaying } from "./gone.ts";
import { pathText, problem, quote } from "./problems.ts";
import type { ClusterSettings, MeshSettings } from "./schema.ts";
import { unknownVersions } from "./trafficSchema.ts";

/** Additional Helm values that contradict the program's own, in any cluster. */
export function contradictions(
  clusters: readonly Pick<ClusterSettings, "name" | "network">[],
  istio: Omit<MeshSettings["istio"], "charts" | "chartAccess"> & Pick<IstiodSettings, "istiod" | "externalGateways">,
  { clusterDomain, sample, pullSecrets, ingress }: MeshSettings,
): string[] {
  const place = (chart: "base" | "istiod", path: readonly string[]) => ["istio", "values", chart, ...path];
  const broken = (["base", "istiod"] as const).flatMap((chart) => {
    const networks = clusters.map(({ network }) => network);
    const namespaces = [SYSTEM_NAMESPACE, ...(sample.enabled ? [sample.namespace] : [])];
    const rules = brokenRules(chart, istio.values[chart], { clusterDomain, networks, namespaces });
    return rules.map((each) => ({ ...each, path: place(chart, each.path) }));
  });
  const named = new Set(broken.map(({ path }) => pathText(path)));
  const conflicts = clusters
    .flatMap(({ name, network }) =>
      istiodConflicts(
        istiodValues({ cluster: name, network, ...istio, pullSecrets, ingress: ingress.enabled }),
        istio.values.istiod,
      ),
    )
    .map((path) => place("istiod", path.split(".")))
    .filter((path) => !named.has(pathText(path)));
  return [
    ...new Set(conflicts.map((path) => problem(path, "is set by the program itself; remove it"))),
    ...broken.map(({ path, value, does, fix }) => problem(path, `${quote(value)}: ${does}; ${fix}`)),
  ];
}

/** A new key is requested by `caGeneration`, but the program does not create the keys. */
export function generationsOfOwn(
  clusters: readonly { readonly position: number; readonly name: string; readonly caGeneration: number }[],
  { ca }: MeshSettings,
): string[] {
  if (ca.source !== "intermediates") return [];
  return clusters
    .filter(({ caGeneration }) => caGeneration > 1)
    .map(({ position, name, caGeneration }) =>
      problem(
        ["clusters", position, "caGeneration"],
        `is ${caGeneration}, and ca.source "intermediates" makes the program create no keys; put another certificate and key into ca.intermediates.${name}`,
      ),
    );
}

/** Weights for versions that no cluster runs, or only clusters that are leaving, which get no requests. */
export function weightsWithoutCluster(
  clusters: readonly { readonly state: string; readonly sampleVersion: number }[],
  { sample }: MeshSettings,
): string[] {
  const versions = [...new Set(clusters.filter(isStaying).map(({ sampleVersion }) => `v${sampleVersion}`))];
  return unknownVersions(sample.traffic, versions).map((version) =>
    problem(["sample", "traffic", "weights", version], `runs in no cluster; this mesh has ${versions.join(", ")}`),
  );
}
