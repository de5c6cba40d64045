// Finds the objects of others in a namespace, from the metadata of all its objects.
import type { KubernetesObject } from "@kubernetes/client-node";
import { isByproduct, isOfKind } from "./byproducts.ts";

export interface Foreign<Object> {
  readonly object: Object;
  /**
   * `Kind name` of an owner that is being deleted or does not exist in the namespace. Kubernetes may be about to delete
   * the object.
   */
  readonly missingOwner?: string;
}

/**
 * `covered`: ours, or a dependent of an object that is ours or is reported itself. `foreign`: reported. `ending`: being
 * deleted by others; its dependents may stay.
 */
type Verdict = { readonly is: "covered" | "ending" } | { readonly is: "foreign"; readonly missingOwner?: string };

interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly object: KubernetesObject | undefined;
}

/**
 * Objects of others that would be deleted with the namespace. If objects own others, only the topmost foreign owner is
 * reported. PersistentVolumeClaims are always foreign, because their data may outlive the object that created them.
 *
 * @param all every object of the namespace
 */
export function foreignAmong<Object extends KubernetesObject>(
  all: readonly Object[],
  isOurs: (object: Object) => boolean,
): Foreign<Object>[] {
  const objects = [...new Map(all.toReversed().map((object) => [identityOf(object), object])).values()].toReversed();
  const byUid = new Map(objects.map((object) => [object.metadata?.uid, object]));
  const core = (kind: string, name: string): Owner => ({
    kind,
    name,
    object: objects.find((object) => isOfKind("", kind, object) && object.metadata?.name === name),
  });
  const verdicts = new Map<KubernetesObject, Verdict>();

  function ownersOf(object: Object): Owner[] {
    const { name = "", annotations = {}, ownerReferences = [] } = object.metadata ?? {};
    if (ownerReferences.length > 0) {
      return ownerReferences.map(({ kind, name, uid }) => ({ kind, name, object: uid ? byUid.get(uid) : undefined }));
    }
    const service = serviceOf(object);
    if (service !== undefined) return [core("Service", service)];
    // Kubernetes before 1.24 creates such a Secret for each ServiceAccount. Generated names only use these characters.
    const account = annotations["kubernetes.io/service-account.name"];
    const isGenerated = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(name.slice(`${account}-token-`.length));
    const isToken = isOfKind("", "Secret", object) && isGenerated && name.startsWith(`${account}-token-`);
    return account !== undefined && isToken ? [core("ServiceAccount", account)] : [];
  }

  function judge(object: Object): Verdict {
    if (isOfKind("", "PersistentVolumeClaim", object)) return { is: "foreign" };
    if (isOurs(object) || isByproduct(object)) return { is: "covered" };
    if (isEnding(object)) return { is: "ending" };
    const owners = ownersOf(object);
    // Endpoints of a deleted Service will be garbage collected soon.
    if (isControllersEndpoints(object) && owners.every(({ object }) => !object || isEnding(object))) {
      return { is: "covered" };
    }
    if (owners.length === 0) return { is: "foreign" };
    const missing = owners.find(({ object }) => !object || verdictOn(object as Object).is === "ending");
    if (missing) return { is: "foreign", missingOwner: `${missing.kind} ${missing.name}` };
    return { is: "covered" };
  }

  function verdictOn(object: Object): Verdict {
    const known = verdicts.get(object);
    if (known) return known;
    // If objects own each other in a circle, there is no topmost owner. Then the object that closes the circle is
    // reported.
    verdicts.set(object, { is: "ending" });
    const verdict = judge(object);
    verdicts.set(object, verdict);
    return verdict;
  }

  return objects.flatMap((object) => {
    const verdict = verdictOn(object);
    if (verdict.is !== "foreign") return [];
    return [{ object, ...(verdict.missingOwner !== undefined && { missingOwner: verdict.missingOwner }) }];
  });
}

const isEnding = ({ metadata }: KubernetesObject) => metadata?.deletionTimestamp !== undefined;

/** Identifies an object independently of the API group that serves it. */
function identityOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return JSON.stringify([metadata?.name, ...(metadata?.uid ? [metadata.uid] : [apiVersion, kind])]);
}

/** Name of the Service to which Endpoints or an EndpointSlice belong. */
function serviceOf(object: KubernetesObject): string | undefined {
  if (isOfKind("", "Endpoints", object)) return object.metadata?.name;
  return isOfKind("discovery.k8s.io", "EndpointSlice", object)
    ? object.metadata?.labels?.["kubernetes.io/service-name"]
    : undefined;
}

/** Whether Kubernetes created the object for a Service, which may already be deleted. */
function isControllersEndpoints(object: KubernetesObject): boolean {
  const { labels = {}, annotations = {} } = object.metadata ?? {};
  if (isOfKind("discovery.k8s.io", "EndpointSlice", object)) {
    return /^endpointslice(mirroring)?-controller\.k8s\.io$/.test(
      labels["endpointslice.kubernetes.io/managed-by"] ?? "",
    );
  }
  if (!isOfKind("", "Endpoints", object)) return false;
  const isMarked = labels["endpoints.kubernetes.io/managed-by"] === "endpoint-controller";
  return isMarked || annotations["endpoints.kubernetes.io/last-change-trigger-time"] !== undefined;
}
