// metrics-server's manifest, as a cluster shall have it.
import type { KubernetesObject, V1Deployment, V1Toleration } from "@kubernetes/client-node";
import { METRICS_API } from "../kube/metricsApi.ts";
import { type Named, nameOf } from "../kube/objects.ts";

/** Label of what this program installed; whoever takes it off an object keeps that. */
export const INSTALLED = "csp-mesh.io/metrics-server";

/** All that metrics-server's releases consist of, plain, highly available or by its chart; so they are found again. */
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
  /** Takes kubelets' certificates unchecked. */
  readonly kubeletInsecureTls: boolean;
  /** Instead of the images' own. */
  readonly registry?: string | undefined;
  /** Beside the manifest's own. */
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly tolerations?: readonly V1Toleration[] | undefined;
}

export const isInstalled = ({ metadata }: KubernetesObject): boolean => metadata?.labels?.[INSTALLED] !== undefined;

export const isApiService = ({ kind }: KubernetesObject): boolean => kind === "APIService";
export const isDeployment = (object: Named): object is Named & V1Deployment => object.kind === "Deployment";

/**
 * The objects with our label, and with what the config says of them.
 *
 * @throws Error that says what the manifest has that no metrics-server has, or lacks
 */
export function prepare(manifest: readonly Named[], options: MetricsServerOptions, source: string): Named[] {
  const known = ({ apiVersion, kind }: Named) => KINDS.some(([group, name]) => apiVersion === group && kind === name);
  const foreign = manifest.filter((object) => !known(object));
  const hint = "set metricsServer.source to the components.yaml of a release";
  if (foreign.length > 0) {
    throw new Error(`${source} holds what is no part of metrics-server: ${foreign.map(nameOf).join(", ")}; ${hint}`);
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

/** With a CA to check kubelets by, metrics-server refuses not to check them. */
function insecure(args: readonly string[]): string[] {
  const others = args.filter((arg) => !/^--kubelet-(insecure-tls|certificate-authority)\b/.test(arg));
  return [...others, "--kubelet-insecure-tls"];
}
