// The phases of a root's rotation. The trust bundle tells every istiod and proxy, by its text, what to do: istiod hands another text to
// the proxies at once, and each of them then has its leaf signed anew (UpdateConfigTrustBundle in security/pkg/nodeagent/cache). The same
// roots in another text are therefore how leaves are replaced without a restart. istiods up to 1.29 take a bundle only if its text
// contains the former one or is contained in it (istio/istio#59909): the new root is therefore repeated at the end, and `drop` has it twice.
// Of several istiods one may read its Secret a minute after another, and sign for a proxy that the other has woken up. So they change
// what they sign by, and what they trust, in phases of their own; the phase after each wakes the proxies up when all istiods are there.

export const ROTATION_PHASES = ["prepared", "trust", "issue", "renew", "drop", "withdraw"] as const;
export type RotationPhase = (typeof ROTATION_PHASES)[number];

/** Whether both roots are made. */
export const isRotating = (phase: RotationPhase | undefined) => phase !== undefined && phase !== "prepared";
/** Whether istiods sign below the new root. */
export const issuesByNext = (phase: RotationPhase | undefined) =>
  phase === "issue" || phase === "renew" || phase === "drop";
/** Whether leaves are being left as they are until every istiod signs below the other root. */
export const isChangingIssuer = (phase: RotationPhase | undefined) => phase === "issue" || phase === "withdraw";

/** The contents of root-cert.pem, in PEM. */
export function bundleOf<Pem>(phase: RotationPhase | undefined, former: Pem, next: Pem): readonly Pem[] {
  if (!isRotating(phase)) return [former];
  if (phase === "drop") return [next, next];
  return phase === "renew" || phase === "withdraw" ? [former, next, next] : [former, next];
}

/** Which phase the entries of a live Secret stand for. @param hasFormerIssuer whether istiod signs below the first root */
export function phaseOf(bundle: { readonly distinct: number; readonly total: number }, hasFormerIssuer: boolean) {
  const isRepeated = bundle.total > bundle.distinct;
  if (bundle.distinct < 2) return isRepeated ? "drop" : "prepared";
  if (hasFormerIssuer) return isRepeated ? "withdraw" : "trust";
  return isRepeated ? "renew" : "issue";
}

/** From each phase those that a mesh can be taken to without a step left out; `done` would leave out `drop`. */
export const STEPS: Readonly<Record<RotationPhase, readonly (RotationPhase | "done")[]>> = {
  prepared: ["prepared", "trust"],
  trust: ["prepared", "trust", "issue"],
  issue: ["issue", "renew", "withdraw"],
  renew: ["renew", "withdraw", "drop"],
  drop: ["drop", "prepared"],
  withdraw: ["withdraw", "trust"],
};
