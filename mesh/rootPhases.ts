// The phases of a root rotation. They work through the text of the trust bundle: istiod sends a changed text to all
// proxies at once, and each proxy then requests a new leaf (UpdateConfigTrustBundle in security/pkg/nodeagent/cache).
// Writing the same roots as another text therefore replaces all leaves without a restart. istiods up to 1.29 only
// accept a bundle if its text contains the former one or is contained in it (istio/istio#59909). Therefore the new root
// is repeated at the end, and `drop` contains it twice. One istiod may read its Secret a minute after another, and sign
// for a proxy that the other has notified. Therefore the signing CA and the trust bundle change in separate phases, and
// the phase after each change notifies the proxies when all istiods have it.

export const ROTATION_PHASES = ["prepared", "trust", "issue", "renew", "drop", "withdraw"] as const;
export type RotationPhase = (typeof ROTATION_PHASES)[number];

/** Whether both roots exist. */
export const isRotating = (phase: RotationPhase | undefined) => phase !== undefined && phase !== "prepared";
/** Whether istiods sign with the new root. */
export const issuesByNext = (phase: RotationPhase | undefined) =>
  phase === "issue" || phase === "renew" || phase === "drop";
/** Whether leaves stay unchanged until every istiod signs with the other root. */
export const isChangingIssuer = (phase: RotationPhase | undefined) => phase === "issue" || phase === "withdraw";

/**
 * Label of istiod's pods in phase `drop`, by which they restart: an istiod reads the roots of its own clients only when
 * it starts (createPeerCertVerifier in pilot/pkg/bootstrap/server.go). Until then, a holder of the former root's
 * intermediate key can log in to it as any workload, and gets a certificate of the new root.
 */
export const FORGOT_ROOT = "csp-mesh.io/forgot-former-root";
/** Whether istiods restart to forget the former root. */
export const forgetsFormer = (phase: RotationPhase | undefined) => phase === "drop";

/** The contents of root-cert.pem, in PEM. */
export function bundleOf<Pem>(phase: RotationPhase | undefined, former: Pem, next: Pem): readonly Pem[] {
  if (!isRotating(phase)) return [former];
  if (phase === "drop") return [next, next];
  return phase === "renew" || phase === "withdraw" ? [former, next, next] : [former, next];
}

/**
 * The phase that the roots in a live Secret represent.
 * @param bundle numbers of all roots in `root-cert.pem`, and of different ones
 * @param hasFormerIssuer whether the root in `cert-chain.pem` is the first one in `root-cert.pem`
 */
export function phaseOf(bundle: { readonly distinct: number; readonly total: number }, hasFormerIssuer: boolean) {
  const isRepeated = bundle.total > bundle.distinct;
  if (bundle.distinct < 2) return isRepeated ? "drop" : "prepared";
  if (hasFormerIssuer) return isRepeated ? "withdraw" : "trust";
  return isRepeated ? "renew" : "issue";
}

/** For each phase, the phases that may follow directly. `done` directly would skip `drop`. */
export const STEPS: Readonly<Record<RotationPhase, readonly (RotationPhase | "done")[]>> = {
  prepared: ["prepared", "trust"],
  // A cluster that `issue` has not reached goes back with the others.
  trust: ["prepared", "trust", "issue", "withdraw"],
  issue: ["issue", "renew", "withdraw"],
  renew: ["renew", "withdraw", "drop"],
  drop: ["drop", "prepared"],
  withdraw: ["withdraw", "trust"],
};
