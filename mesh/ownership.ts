// Marks that identify our objects, and objects that existed before us. The marks are on the objects themselves, so that
// they survive an interrupted run.
import type { KubernetesObject, V1ObjectMeta } from "@kubernetes/client-node";
import { jsonIn } from "./json.ts";
import { NEXT_ISTIOD } from "./nextIstiod.ts";

/** Label on objects that the program creates; see `components/ours.ts`. */
export const MANAGED_BY = "app.kubernetes.io/managed-by";
export const PROGRAM = "csp-mesh";

/**
 * Annotation on an object that existed before: former values of what the program changes, as a merge patch of its
 * metadata.
 */
export const FOUND = "csp-mesh.io/found";
/** Annotation on a namespace that the program created. */
export const MADE = "csp-mesh.io/made";

/** Annotation on a Deployment that a proof scaled to zero for a moment: its former replicas. */
export const SCALED_TO_NONE = "csp-mesh.io/scaled-to-none";

export const SYSTEM_NAMESPACE = "istio-system";
/** The east-west gateway's name, as istiod, peers' proxies and the guide's firewall rules use it. */
export const GATEWAY = "istio-ingressgateway";
/**
 * The gateway for callers outside the mesh, and the value of its pods' label `istio`. A `Gateway` that selects one of
 * the two gateways does not select the other.
 */
export const INGRESS = "istio-ingress";
export const INGRESS_SELECTOR = "ingress";
/** The program's Helm releases, in the order of their removal. */
export const RELEASES = [NEXT_ISTIOD, "istiod", "istio-base"] as const;
export type Release = (typeof RELEASES)[number];
/** ServiceAccount of the chart `base` whose role, of the chart `istiod`, may read what a peer's istiod watches. */
export const READER = "istio-reader-service-account";
/** Name that `istioctl create-remote-secret` gives to the token Secret. Ours have their generation appended. */
export const TOKEN_SECRET = `${READER}-istio-remote-secret-token`;
/** Secret with istiod's signing CA. */
export const CA_SECRET = "cacerts";
/** Label by which istiod finds remote secrets. */
export const MULTI_CLUSTER = "istio/multiCluster";
/** Selects the Deployment and webhooks of every Istio control plane, including those of others. */
export const ISTIOD_PARTS = "app in (istiod,sidecar-injector)";
/**
 * Other objects that a removed Istio may have left in its namespace, and that conflict with ours: objects with names
 * that we need, and objects that istiod would apply.
 */
export const LEFT_PARTS = [
  { apiVersion: "v1", kind: "Secret", selection: { fields: `metadata.name=${CA_SECRET}` } },
  { apiVersion: "v1", kind: "Secret", selection: { labels: `${MULTI_CLUSTER}=true` } },
  { apiVersion: "v1", kind: "Service", selection: { fields: `metadata.name=${GATEWAY}` } },
  { apiVersion: "apps/v1", kind: "Deployment", selection: { fields: `metadata.name=${GATEWAY}` } },
] as const;

/** Annotation on objects that Helm installed. */
export const RELEASE_NAME = "meta.helm.sh/release-name";
const RELEASE_NAMESPACE = "meta.helm.sh/release-namespace";

export function isOurs({ metadata }: KubernetesObject): boolean {
  const { labels = {}, annotations = {} } = metadata ?? {};
  return labels[MANAGED_BY] === PROGRAM || isOfOurReleases(annotations);
}

export function isOfOurReleases(annotations: Readonly<Record<string, string>> = {}): boolean {
  return (
    annotations[RELEASE_NAMESPACE] === SYSTEM_NAMESPACE &&
    (RELEASES as readonly string[]).includes(annotations[RELEASE_NAME] ?? "")
  );
}

export const wasMade = ({ metadata }: KubernetesObject): boolean => metadata?.annotations?.[MADE] !== undefined;
export const wasFound = ({ metadata }: KubernetesObject): boolean => metadata?.annotations?.[FOUND] !== undefined;

type MetadataPatch = Record<"labels" | "annotations", Record<string, string | null>>;

/** Metadata that marks an object as one that existed before, and records what `change` replaces. */
export function foundMark(metadata: V1ObjectMeta | undefined, change: MetadataPatch): MetadataPatch {
  const former = (part: keyof MetadataPatch) =>
    Object.fromEntries(Object.keys(change[part]).map((key) => [key, metadata?.[part]?.[key] ?? null]));
  const mark = JSON.stringify({ labels: former("labels"), annotations: former("annotations") });
  return { labels: change.labels, annotations: { ...change.annotations, [FOUND]: mark } };
}

/**
 * Reverts {@link foundMark}.
 *
 * @throws Error that names the object, the annotation and the remedy, if the annotation was changed by hand
 */
export function withoutMark({ kind, metadata }: KubernetesObject): MetadataPatch {
  const { labels, annotations } = formerIn(metadata?.annotations?.[FOUND] ?? EMPTY_MARK) ?? unreadable(kind, metadata);
  return { labels, annotations: { ...annotations, [FOUND]: null } };
}

/** A mark without former values: nothing is restored, but the object is kept. */
const EMPTY_MARK = '{"labels":{},"annotations":{}}';

function formerIn(mark: string): MetadataPatch | undefined {
  const { labels, annotations } = (jsonIn(mark) ?? {}) as MetadataPatch;
  return isPatch(labels) && isPatch(annotations) ? { labels, annotations } : undefined;
}

const isPatch = (part: unknown): boolean =>
  typeof part === "object" &&
  part !== null &&
  Object.values(part).every((value) => value === null || typeof value === "string");

function unreadable(kind: string | undefined, { name, namespace }: V1ObjectMeta = {}): never {
  const object = `${(kind ?? "object").toLowerCase()} ${name}${namespace ? ` -n ${namespace}` : ""}`;
  throw new Error(
    `${kind} ${name}: annotation ${FOUND}, which holds its former labels and annotations, was changed and cannot be read. ` +
      `Correct it, or discard the former values: kubectl annotate --overwrite ${object} '${FOUND}=${EMPTY_MARK}'`,
  );
}

/** Metadata that Helm requires on an object before a release can take it over, and that it sets on all its objects. */
export const helmOwnership = (release: Release): MetadataPatch => ({
  labels: { [MANAGED_BY]: "Helm" },
  annotations: { [RELEASE_NAME]: release, [RELEASE_NAMESPACE]: SYSTEM_NAMESPACE },
});
