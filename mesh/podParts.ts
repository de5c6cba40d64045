// Parts of the specs of the program's pods.
import { REVISION } from "./sampleInjection.ts";

export interface Toleration {
  readonly key?: string;
  readonly operator?: "Exists" | "Equal";
  readonly value?: string;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** The nodes on which pods may run. */
export interface Placement {
  /** Required labels of the nodes. Empty means any node. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that the pods tolerate. */
  readonly tolerations: readonly Toleration[];
}

export const anywhere: Placement = { nodeSelector: {}, tolerations: [] };

/** Annotation on pod templates: the image of the proxy in new pods. */
const PROXY_IMAGE = "csp-mesh.io/proxy-image";

/** The istiod and the image of proxies in new pods. */
export interface Injector {
  /** Image of the proxy. */
  readonly proxyImage: string;
  /** Of the istiod that gives it. @default the default revision */
  readonly revision?: string | undefined;
}

/**
 * Part of the pod template, so that another proxy makes the controller recreate the pods: injection only affects new
 * pods.
 */
export function withNewProxies<Metadata extends object, Template extends { readonly metadata: Metadata }>(
  template: Template,
  { proxyImage, revision }: Injector,
) {
  const { metadata } = template;
  const of = (part: "labels" | "annotations") => (metadata as Record<string, object | undefined>)[part];
  const annotations = { ...of("annotations"), [PROXY_IMAGE]: proxyImage };
  const labels = revision === undefined ? {} : { labels: { ...of("labels"), [REVISION]: revision } };
  return { ...template, metadata: { ...metadata, ...labels, annotations } };
}

/** Omits empty parts, so that templates without placement do not change. */
export function withPlacement({ nodeSelector, tolerations }: Placement) {
  return {
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations.length === 0 ? {} : { tolerations: tolerations.map((toleration) => ({ ...toleration })) }),
  };
}

/** Empty without secrets, so that templates without them do not change. */
export function withPullSecrets(secrets: readonly { readonly name: string }[]): {
  imagePullSecrets?: { name: string }[];
} {
  return secrets.length === 0 ? {} : { imagePullSecrets: secrets.map(({ name }) => ({ name })) };
}
