// What tells our objects, and what was there before us, from everything else in a cluster. The marks are on the objects
// themselves, so that they survive whatever becomes of the run that set them.
import type { KubernetesObject, V1ObjectMeta } from "@kubernetes/client-node";
import { jsonIn } from "./json.ts";
import { NEXT_ISTIOD } from "./nextIstiod.ts";

/** Label of what the program makes itself; see `components/kubernetes.ts`. */
export const MANAGED_BY = "app.kubernetes.io/managed-by";
export const PROGRAM = "csp-mesh";

/** On what was there before: the former values of what the program changes on it, as a merge patch of its metadata. */
export const FOUND = "csp-mesh.io/found";
/** On a namespace that the program made. */
export const MADE = "csp-mesh.io/made";

/** On a Deployment that a proof scaled to none for a moment: its former replicas. */
export const SCALED_TO_NONE = "csp-mesh.io/scaled-to-none";

export const SYSTEM_NAMESPACE = "istio-system";
/** The gateway between networks, as istiod, its peers' proxies and the guide's firewall rules know it. */
export const GATEWAY = "istio-ingressgateway";
/** The gateway for callers outside the mesh, and its pods' label `istio`: no `Gateway` that selects one of the two selects the other. */
export const INGRESS = "istio-ingress";
export const INGRESS_SELECTOR = "ingress";
/** The program's Helm releases, in the order in which they go. */
export const RELEASES = [NEXT_ISTIOD, "istiod", "istio-base"] as const;
export type Release = (typeof RELEASES)[number];
/** ServiceAccount of the chart `base` whose role, of the chart `istiod`, may read what a peer's istiod watches. */
export const READER = "istio-reader-service-account";
/** Name that `istioctl create-remote-secret` gives the Secret with its token; ours have their generation behind it. */
export const TOKEN_SECRET = `${READER}-istio-remote-secret-token`;
/** What istiod signs by. */
export const CA_SECRET = "cacerts";
/** Label of the Secrets by which istiod watches other clusters. */
export const MULTI_CLUSTER = "istio/multiCluster";
/** Labels of every control plane of Istio's: its Deployment and its webhooks, whoever installed them. */
export const ISTIOD_PARTS = "app in (istiod,sidecar-injector)";
/** What else of an Istio may be left in its namespace, and in the way: what has a name that we need, and what istiods obey. */
export const LEFT_PARTS = [
  { apiVersion: "v1", kind: "Secret", selection: { fields: `metadata.name=${CA_SECRET}` } },
  { apiVersion: "v1", kind: "Secret", selection: { labels: `${MULTI_CLUSTER}=true` } },
  { apiVersion: "v1", kind: "Service", selection: { fields: `metadata.name=${GATEWAY}` } },
  { apiVersion: "apps/v1", kind: "Deployment", selection: { fields: `metadata.name=${GATEWAY}` } },
] as const;

/** On what Helm installed. */
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

/** Metadata that says that an object was there before, and what `change` replaces on it. */
export function foundMark(metadata: V1ObjectMeta | undefined, change: MetadataPatch): MetadataPatch {
  const former = (part: keyof MetadataPatch) =>
    Object.fromEntries(Object.keys(change[part]).map((key) => [key, metadata?.[part]?.[key] ?? null]));
  const mark = JSON.stringify({ labels: former("labels"), annotations: former("annotations") });
  return { labels: change.labels, annotations: { ...change.annotations, [FOUND]: mark } };
}

/**
 * Undoes {@link foundMark}.
 *
 * @throws Error that names the object, the annotation and the remedy where the annotation was changed by hand
 */
export function withoutMark({ kind, metadata }: KubernetesObject): MetadataPatch {
  const { labels, annotations } = formerIn(metadata?.annotations?.[FOUND] ?? EMPTY_MARK) ?? unreadable(kind, metadata);
  return { labels, annotations: { ...annotations, [FOUND]: null } };
}

/** Gives nothing back, and keeps its object all the same. */
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
      `Correct it, or give nothing back: kubectl annotate --overwrite ${object} '${FOUND}=${EMPTY_MARK}'`,
  );
}

/** What Helm demands of an object that a release shall take over, and writes on all that it makes. */
export const helmOwnership = (release: Release): MetadataPatch => ({
  labels: { [MANAGED_BY]: "Helm" },
  annotations: { [RELEASE_NAME]: release, [RELEASE_NAMESPACE]: SYSTEM_NAMESPACE },
});
