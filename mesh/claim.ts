// Whose a cluster is. The claim is on a ClusterRole without rules: it outlives every namespace, and two can not both create it.
import { createHash } from "node:crypto";

/** Name of the ClusterRole. */
export const CLAIM = "csp-mesh-claim";
/** Its annotation: a {@link Claim} as JSON. */
export const CLAIMED = "csp-mesh.io/claim";
/** Its annotation once all that was there before is marked: what has no mark then is the program's. */
export const MARKED = "csp-mesh.io/marked";
/** Its annotation once it was handed to another stack: the former {@link Claim.id}. Its state may turn up again. */
export const FORMER_ID = "csp-mesh.io/former-claim-id";
/**
 * Its annotation, by release: UID of a revision that was there once the stack's state had the release. What Helm has without such a
 * revision, a run was killed before it could record.
 */
export const recordedRelease = (release: string) => `csp-mesh.io/recorded-${release}`;
/** Label of what a stack makes in clusters that it has not claimed yet, by {@link ownerLabel}; annotation of istiod's namespace, by the stack's name. */
export const OWNER = "csp-mesh.io/owner";

/** A stack's name as the value of a label, which knows no slashes. */
export const ownerLabel = (owner: string) => createHash("sha256").update(owner).digest("hex").slice(0, 16);

export interface Claim {
  /** Random, of the stack's state: a second state of the same name is another owner. Empty: whichever state `owner` has. */
  readonly id: string;
  /** `organization/project/stack`. */
  readonly owner: string;
  /** The cluster's name in the mesh. */
  readonly cluster: string;
  readonly network: string;
  readonly mesh: string;
  readonly trustDomain: string;
  /** UID of the namespace kube-system: it changes only with the cluster itself. */
  readonly uid: string;
}

interface Annotated {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

/** The claim that an object carries. A text that is none counts as somebody's. */
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

/** Whoever may write the object may write anything; messages show it. */
const plain = (value: unknown) => (typeof value === "string" ? value.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "") : "?");

export function isClaimedBy(claim: Claim, { id, owner }: Pick<Claim, "id" | "owner">): boolean {
  return claim.owner === owner && (claim.id === "" || claim.id === id);
}

const ADOPT = "npm run mesh -- adopt";

/** Why a cluster cannot be claimed, and what to do; undefined where it can. */
export function claimRefusal(live: Claim, wanted: Omit<Claim, "uid">): string | undefined {
  if (live.owner !== wanted.owner) {
    return (
      `this cluster belongs to the mesh "${live.mesh}" of the stack ${live.owner}, as its cluster "${live.cluster}". Nothing was ` +
      `changed. Destroy that stack first, or, where its state is lost or this is that stack after a pulumi stack rename, run: ${ADOPT}`
    );
  }
  if (!isClaimedBy(live, wanted)) {
    return (
      `this cluster's mesh was built by a stack of this name, ${live.owner}, with another state. Nothing was changed. Where that ` +
      `state still exists, use it (pulumi login, pulumi stack select); where it is lost, run: ${ADOPT}`
    );
  }
  if (live.cluster !== wanted.cluster) {
    return (
      `the context leads to the cluster "${live.cluster}" of this mesh. Correct clusters[].context; to rename a cluster, take it out of ` +
      "the config, run pulumi up, and add it by its new name"
    );
  }
  return undefined;
}

/** Settings that cannot change while a mesh stands, with why. */
const FIXED = {
  network: "istiods and running proxies would send requests by the former network until they restart",
  mesh: "proxies of two mesh ids do not share a mesh",
  trustDomain: "every identity, and each policy that names one, would change at once",
} as const;

/** Changes of what is fixed, as `property` and `reason`. */
export function fixedChanges(
  former: Partial<Record<keyof typeof FIXED, string>>,
  wanted: Readonly<Record<keyof typeof FIXED, string>>,
): { property: string; reason: string }[] {
  return (Object.keys(FIXED) as (keyof typeof FIXED)[])
    .filter((key) => former[key] !== undefined && former[key] !== wanted[key])
    .map((property) => ({
      property,
      reason:
        `cannot change from "${former[property]}" to "${wanted[property]}" while the mesh stands: ${FIXED[property]}. Put the former ` +
        "value back, or run pulumi destroy first",
    }));
}
