// Tells what in a namespace is other people's, from the metadata of all objects in it.
import type { KubernetesObject } from "@kubernetes/client-node";
import { isByproduct, isOf } from "./byproducts.ts";

export interface Foreign<Object> {
  readonly object: Object;
  /** `Kind name` of an owner that is being deleted, or is not in the namespace. Kubernetes may be about to delete the object. */
  readonly missingOwner?: string;
}

/**
 * `covered` are ours, and what depends on objects that are ours or are reported themselves. `foreign` is reported. `ending` is being
 * deleted by others, and may leave its dependents behind.
 */
type Verdict = { readonly is: "covered" | "ending" } | { readonly is: "foreign"; readonly missingOwner?: string };

interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly object: KubernetesObject | undefined;
}

/**
 * Objects that would be lost with the namespace. Of objects that own others, the topmost one that is not ours stands for all of them.
 * PersistentVolumeClaims are always foreign, because their data outlives whatever made them.
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
    object: objects.find((object) => isOf("", kind, object) && object.metadata?.name === name),
  });
  const verdicts = new Map<KubernetesObject, Verdict>();

  function ownersOf(object: Object): Owner[] {
    const { name = "", annotations = {}, ownerReferences = [] } = object.metadata ?? {};
    if (ownerReferences.length > 0) {
      return ownerReferences.map(({ kind, name, uid }) => ({ kind, name, object: uid ? byUid.get(uid) : undefined }));
    }
    const service = serviceOf(object);
    if (service !== undefined) return [core("Service", service)];
    // Made for each ServiceAccount by Kubernetes before 1.24. The alphabet is that of names that Kubernetes generates.
    const account = annotations["kubernetes.io/service-account.name"];
    const isGenerated = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(name.slice(`${account}-token-`.length));
    const isToken = isOf("", "Secret", object) && isGenerated && name.startsWith(`${account}-token-`);
    return account !== undefined && isToken ? [core("ServiceAccount", account)] : [];
  }

  function judge(object: Object): Verdict {
    if (isOf("", "PersistentVolumeClaim", object)) return { is: "foreign" };
    if (isOurs(object) || isByproduct(object)) return { is: "covered" };
    if (isEnding(object)) return { is: "ending" };
    const owners = ownersOf(object);
    // Those of a Service that is gone are garbage, to be collected in a moment.
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
    // Objects that own each other in a circle have no topmost one: the one that closes the circle is reported.
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

/** The same for an object that several API groups serve. */
function identityOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return JSON.stringify([metadata?.name, ...(metadata?.uid ? [metadata.uid] : [apiVersion, kind])]);
}

/** Name of the Service that Endpoints or an EndpointSlice belong to. */
function serviceOf(object: KubernetesObject): string | undefined {
  if (isOf("", "Endpoints", object)) return object.metadata?.name;
  return isOf("discovery.k8s.io", "EndpointSlice", object)
    ? object.metadata?.labels?.["kubernetes.io/service-name"]
    : undefined;
}

/** Whether Kubernetes made them for a Service, which may be gone already. */
function isControllersEndpoints(object: KubernetesObject): boolean {
  const { labels = {}, annotations = {} } = object.metadata ?? {};
  if (isOf("discovery.k8s.io", "EndpointSlice", object)) {
    return /^endpointslice(mirroring)?-controller\.k8s\.io$/.test(
      labels["endpointslice.kubernetes.io/managed-by"] ?? "",
    );
  }
  if (!isOf("", "Endpoints", object)) return false;
  const isMarked = labels["endpoints.kubernetes.io/managed-by"] === "endpoint-controller";
  return isMarked || annotations["endpoints.kubernetes.io/last-change-trigger-time"] !== undefined;
}
