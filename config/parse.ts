import type { ExternalGateway, IstiodOptions } from "../components/istiodOptions.ts";
import { istiodValues } from "../components/istiodValues.ts";
import { reviewsVersion } from "../components/reviewsVersion.ts";
import { valueConflicts } from "../components/values.ts";
import { caBundle } from "./caBundle.ts";
import { type ChartSource, chartSource } from "./charts.ts";
import { type ClusterGateways, externalGateways, gatewaysOf } from "./gateway.ts";
import { gatewayApiSource } from "./gatewayApi.ts";
import { istiodOptions } from "./istiod.ts";
import { type ClusterAccess, clusterAccess, kubeconfigPath } from "./kubeconfig.ts";
import { problem, schemaProblems } from "./problems.ts";
import { accessSchema, type ClusterSettings, type MeshSettings, meshSchema } from "./schema.ts";
import { unknownVersions } from "./trafficSchema.ts";
import { duplicateProblems } from "./unique.ts";

/** A cluster of the mesh: its settings, how to reach it from here, and what its provider needs. */
export interface ClusterConfig
  extends Omit<ClusterSettings, "csp" | "apiServer" | "caBundle" | "gateway">,
    ClusterGateways {
  /** Absolute path. */
  readonly kubeconfig: string;
  /** URL of the API server as the other clusters reach it. */
  readonly server: string;
  /** PEM of the CA that the other clusters shall trust there. */
  readonly caBundle?: string | undefined;
}

/** All that the program is told, checked. */
export interface MeshConfig
  extends Omit<MeshSettings, "clusters" | "istio" | "istiod" | "gateway" | "ingress" | "gatewayApi"> {
  readonly clusters: readonly ClusterConfig[];
  readonly istio: Omit<MeshSettings["istio"], "charts"> & {
    readonly charts: { readonly base: ChartSource; readonly istiod: ChartSource };
    readonly istiod: IstiodOptions;
    readonly externalGateways: readonly ExternalGateway[];
  };
  /** URL or absolute path of the Gateway API's definitions; undefined where they are not wanted. */
  readonly gatewayApi: { readonly source: string | undefined };
}

/**
 * Checks a stack's config together with the files that it names, before anything is created.
 *
 * @param raw the values of the keys under `csp-mesh:`
 * @param root folder at which relative paths start
 * @throws Error whose message lists all that is wrong, one line each
 */
export function parseConfig(raw: Readonly<Record<string, unknown>>, root: string): MeshConfig {
  const parsed = meshSchema.safeParse(raw, { reportInput: true });
  const problems = parsed.success ? [] : schemaProblems(parsed.error);

  const entries = Array.isArray(raw.clusters) ? raw.clusters : [];
  problems.push(...duplicateProblems(entries));
  const accesses = entries.map((entry, index) => {
    // A kubeconfig is looked into even where the rest of its entry is wrong, so that one run tells all.
    const access = accessSchema.safeParse(entry).data;
    return access && attempt(problems, ["clusters", index], () => findCluster(access, root));
  });

  if (parsed.success) {
    const { clusters, istio: settings, istiod: ofIstiod, gateway: _, ingress: __, gatewayApi, ...rest } = parsed.data;
    const istio = {
      ...settings,
      istiod: istiodOptions(ofIstiod, problems),
      externalGateways: externalGateways(clusters),
    };
    const gateways = gatewaysOf(parsed.data, problems);
    const chart = (name: string) =>
      attempt(problems, ["istio", "charts"], () => chartSource(istio.charts, name, istio.version, root));
    const [base, istiod] = [chart("base"), chart("istiod")];
    const source = attempt(problems, ["gatewayApi", "source"], () => gatewayApiSource(gatewayApi.source, root));
    const bundles = clusters.map(
      ({ caBundle: bundle }, index) =>
        bundle && attempt(problems, ["clusters", index, "caBundle"], () => caBundle(bundle, root)),
    );
    problems.push(...contradictions(clusters, istio), ...weightsOfNobody(parsed.data));

    if (problems.length === 0 && base && istiod) {
      return {
        ...rest,
        istio: { ...istio, charts: { base, istiod } },
        gatewayApi: { source },
        clusters: clusters.map(({ csp, apiServer, ...cluster }, index) => {
          const access = accesses[index] as ClusterAccess;
          return {
            ...cluster,
            ...(gateways[index] as ClusterGateways),
            kubeconfig: access.kubeconfig,
            server: apiServer ?? access.server,
            ...(bundles[index] && { caBundle: bundles[index] }),
          };
        }),
      };
    }
  }
  throw new Error(`The config of this stack cannot be used:\n${problems.map((line) => `  - ${line}`).join("\n")}`);
}

function findCluster({ kubeconfig, context }: { kubeconfig: string; context: string }, root: string): ClusterAccess {
  return clusterAccess(kubeconfigPath(kubeconfig, root), context);
}

/** Extra Helm values that want something else than the program, in any of the clusters. */
function contradictions(clusters: MeshSettings["clusters"], istio: Omit<MeshConfig["istio"], "charts">): string[] {
  const paths = clusters.flatMap(({ name, network }) =>
    valueConflicts(istiodValues({ cluster: name, network, ...istio }), istio.values.istiod),
  );
  return [...new Set(paths)].map((path) =>
    problem(["istio", "values", "istiod", ...path.split(".")], "is set by the program itself; remove it"),
  );
}

/** Weights of versions that no cluster runs. */
function weightsOfNobody({ clusters, sample }: MeshSettings): string[] {
  const versions = [...new Set(clusters.map((_, position) => `v${reviewsVersion(position)}`))];
  return unknownVersions(sample.traffic, versions).map((version) =>
    problem(["sample", "traffic", "weights", version], `runs in no cluster; this mesh has ${versions.join(", ")}`),
  );
}

/** What `find` returns, or nothing and one problem more. */
function attempt<T>(problems: string[], path: readonly PropertyKey[], find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    problems.push(problem(path, (error as Error).message));
    return undefined;
  }
}
