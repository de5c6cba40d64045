// Adapts metrics-server's manifest to a cluster's config.
import type { KubernetesObject, V1Deployment, V1Toleration } from "@kubernetes/client-node";
import { METRICS_API } from "../kube/metricsApi.ts";
import { type Named, nameOf } from "../kube/objects.ts";

/** Label on objects that this program installed. An object without it is not deleted. */
export const INSTALLED = "csp-mesh.io/metrics-server";

/**
 * All kinds of objects in metrics-server's releases (standard, highly available, chart), to find installed objects
 * again.
 */
export const KINDS = [
  ["apiregistration.k8s.io/v1", "APIService"],
  ["apps/v1", "Deployment"],
  ["v1", "Service"],
  ["v1", "ServiceAccount"],
  ["policy/v1", "PodDisruptionBudget"],
  ["rbac.authorization.k8s.io/v1", "ClusterRole"],
  ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
] as const;

export interface MetricsServerOptions {
  /** Accept kubelets' certificates without verification. */
  readonly kubeletInsecureTls: boolean;
  /** Replaces the registry of the images. */
  readonly registry?: string | undefined;
  /** Added to the manifest's own. */
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly tolerations?: readonly V1Toleration[] | undefined;
}

export const isInstalled = ({ metadata }: KubernetesObject): boolean => metadata?.labels?.[INSTALLED] !== undefined;

export const isApiService = ({ kind }: KubernetesObject): boolean => kind === "APIService";
export const isDeployment = (object: Named): object is Named & V1Deployment => object.kind === "Deployment";

/**
 * The manifest's objects with our label and the config's options.
 *
 * @throws Error that names an object that metrics-server does not have, or that is missing
 */
export function prepare(manifest: readonly Named[], options: MetricsServerOptions, source: string): Named[] {
  const known = ({ apiVersion, kind }: Named) => KINDS.some(([group, name]) => apiVersion === group && kind === name);
  const foreign = manifest.filter((object) => !known(object));
  const hint = "set metricsServer.source to the components.yaml of a release";
  if (foreign.length > 0) {
    throw new Error(
      `${source} contains objects that are not part of metrics-server: ${foreign.map(nameOf).join(", ")}; ${hint}`,
    );
  }
  if (!manifest.some((object) => isApiService(object) && object.metadata.name === METRICS_API)) {
    throw new Error(`${source} holds no APIService ${METRICS_API}; ${hint}`);
  }
  return manifest.map((object) => {
    const metadata = { ...object.metadata, labels: { ...object.metadata.labels, [INSTALLED]: "true" } };
    const labelled = { ...object, metadata };
    return isDeployment(labelled) ? withOptions(labelled, options) : labelled;
  });
}

function withOptions(deployment: Named & V1Deployment, options: MetricsServerOptions): Named {
  const { kubeletInsecureTls, registry, nodeSelector, tolerations } = options;
  const copy = structuredClone(deployment);
  const pod = copy.spec?.template.spec;
  if (pod && nodeSelector) pod.nodeSelector = { ...pod.nodeSelector, ...nodeSelector };
  if (pod && tolerations) pod.tolerations = [...(pod.tolerations ?? []), ...tolerations];
  for (const container of pod?.containers ?? []) {
    if (kubeletInsecureTls) container.args = insecure(container.args ?? []);
    if (registry !== undefined)
      container.image = container.image?.replace(/^[^/]+/, registry.replace(/\/+$/, "")) ?? "";
  }
  return copy;
}

/** Remove the kubelet CA as well: with one, metrics-server refuses to skip the verification. */
function insecure(args: readonly string[]): string[] {
  const others = args.filter((arg) => !/^--kubelet-(insecure-tls|certificate-authority)\b/.test(arg));
  return [...others, "--kubelet-insecure-tls"];
}
