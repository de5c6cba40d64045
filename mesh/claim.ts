// The claim records which stack owns a cluster. It is an annotation on a ClusterRole without rules, because such an
// object does not depend on any namespace, and two stacks cannot both create it.
import { createHash } from "node:crypto";

/** Name of the ClusterRole. */
export const CLAIM = "csp-mesh-claim";
/** Its annotation: a {@link Claim} as JSON. */
export const CLAIMED = "csp-mesh.io/claim";
/** Its annotation, set when all objects that existed before are marked. Unmarked objects then belong to the program. */
export const MARKED = "csp-mesh.io/marked";
/**
 * Its annotation, set when the claim was handed to another stack: the former {@link Claim.id}. The former state may
 * still be in use.
 */
export const FORMER_ID = "csp-mesh.io/former-claim-id";
/**
 * Its annotation for each release: UID of one of the release's Helm revisions, written once Pulumi's state has the
 * release. If Helm has no revision with this UID, the state may lack the release, because a run was killed before it
 * wrote the UID.
 */
export const recordedRelease = (release: string) => `csp-mesh.io/recorded-${release}`;
/**
 * Label on objects that a stack creates in clusters without a claim, with {@link ownerLabel} as its value; annotation
 * on istiod's namespace, with the stack's name.
 */
export const OWNER = "csp-mesh.io/owner";

/** A stack's name as a label value, which cannot contain slashes. */
export const ownerLabel = (owner: string) => createHash("sha256").update(owner).digest("hex").slice(0, 16);

export interface Claim {
  /**
   * A random id in the stack's state: another state of a stack with the same name is another owner. Empty means any
   * state of `owner`.
   */
  readonly id: string;
  /** `organization/project/stack`. */
  readonly owner: string;
  /** The cluster's name in the mesh. */
  readonly cluster: string;
  readonly network: string;
  readonly mesh: string;
  readonly trustDomain: string;
  /** UID of the namespace kube-system, which is the same for the cluster's whole life. */
  readonly uid: string;
}

interface Annotated {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

/** The claim on an object. An invalid text counts as a claim of an unknown owner. */
export function claimOf(object: Annotated | undefined): Claim | undefined {
  const text = object?.metadata?.annotations?.[CLAIMED];
  if (text === undefined) return undefined;
  const unreadable = { id: "?", owner: "?", cluster: "?", network: "?", mesh: "?", trustDomain: "?", uid: "?" };
  try {
    const written: Readonly<Record<string, unknown>> = { ...unreadable, ...JSON.parse(text) };
    return Object.fromEntries(Object.keys(unreadable).map((key) => [key, plain(written[key])])) as unknown as Claim;
  } catch {
    return unreadable;
  }
}

/** Remove control characters before printing: anybody with write access may have changed the object. */
const plain = (value: unknown) => (typeof value === "string" ? value.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "") : "?");

export function isClaimedBy(claim: Claim, { id, owner }: Pick<Claim, "id" | "owner">): boolean {
  return claim.owner === owner && (claim.id === "" || claim.id === id);
}

const ADOPT = "npm run mesh -- adopt";

/** Why a cluster cannot be claimed, with the remedy; undefined if it can. */
export function claimRefusal(live: Claim, wanted: Omit<Claim, "uid">): string | undefined {
  if (live.owner !== wanted.owner) {
    return (
      `this cluster belongs to the mesh "${live.mesh}" of the stack ${live.owner}, as its cluster "${live.cluster}". Nothing was ` +
      `changed. Destroy that stack first; if its state is lost, or after pulumi stack rename, run: ${ADOPT}`
    );
  }
  if (!isClaimedBy(live, wanted)) {
    return (
      `this cluster's mesh was built by a stack of this name, ${live.owner}, with another state. Nothing was changed. If that ` +
      `state still exists, use it (pulumi login, pulumi stack select); if it is lost, run: ${ADOPT}`
    );
  }
  if (live.cluster !== wanted.cluster) {
    return (
      `the context is for the cluster "${live.cluster}" of this mesh. Correct clusters[].context; to rename a cluster, remove it from ` +
      "the config, run pulumi up, and add it under its new name"
    );
  }
  return undefined;
}

/** Settings that cannot change while a mesh exists, with the reason. */
const FIXED = {
  network: "istiods and running proxies would use the former network until they restart",
  mesh: "proxies with different mesh ids are not in the same mesh",
  trustDomain: "every identity would change at once, and policies would no longer match",
} as const;

/** Changes of fixed settings, as `property` and `reason`. */
export function fixedChanges(
  former: Partial<Record<keyof typeof FIXED, string>>,
  wanted: Readonly<Record<keyof typeof FIXED, string>>,
): { property: string; reason: string }[] {
  return (Object.keys(FIXED) as (keyof typeof FIXED)[])
    .filter((key) => former[key] !== undefined && former[key] !== wanted[key])
    .map((property) => ({
      property,
      reason:
        `cannot change from "${former[property]}" to "${wanted[property]}" while the mesh exists: ${FIXED[property]}. Restore the former ` +
        "value, or run pulumi destroy first",
    }));
}
