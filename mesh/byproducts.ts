// Objects in a namespace that Kubernetes, istiod and Helm create by themselves, and that therefore need no protection.
import type { KubernetesObject } from "@kubernetes/client-node";
import { RELEASES, SYSTEM_NAMESPACE } from "./ownership.ts";

/**
 * istiod creates them in every namespace, for sidecars (istio/istio,
 * pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go).
 */
export const ISTIODS_CONFIG_MAPS = ["istio-ca-root-cert", "istio-ca-crl"];

const LEADER = "control-plane.alpha.kubernetes.io/leader";

/** Leader election records of istiod's replicas (istio/istio, pilot/pkg/leaderelection): `istio-leader` and others. */
export function isElectionRecord(object: KubernetesObject): boolean {
  const { name = "", namespace, annotations = {} } = object.metadata ?? {};
  if (namespace !== SYSTEM_NAMESPACE || !name.startsWith("istio-")) return false;
  if (isOfKind("", "ConfigMap", object)) return annotations[LEADER] !== undefined;
  return isOfKind("coordination.k8s.io", "Lease", object);
}

/** Kinds that only contain observations, so their objects need not be listed. */
export function isByproductKind(of: Pick<KubernetesObject, "apiVersion" | "kind">): boolean {
  return (
    isOfKind("", "Event", of) || isOfKind("events.k8s.io", "Event", of) || groupOf(of.apiVersion) === "metrics.k8s.io"
  );
}

export function isByproduct(object: KubernetesObject): boolean {
  if (isByproductKind(object) || isElectionRecord(object)) return true;
  const { name = "", namespace, labels = {} } = object.metadata ?? {};
  if (isOfKind("", "ConfigMap", object)) return name === "kube-root-ca.crt" || ISTIODS_CONFIG_MAPS.includes(name);
  if (isOfKind("", "ServiceAccount", object)) return name === "default";
  const isRelease = labels.owner === "helm" && (RELEASES as readonly string[]).includes(labels.name ?? "");
  return isOfKind("", "Secret", object) && namespace === SYSTEM_NAMESPACE && isRelease;
}

/** @param group empty for the core group */
export function isOfKind(group: string, kind: string, object: Pick<KubernetesObject, "apiVersion" | "kind">): boolean {
  return object.kind === kind && groupOf(object.apiVersion) === group;
}

function groupOf(apiVersion = ""): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}
