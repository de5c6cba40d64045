import type { CspProfile } from "./profile.ts";

/** KT Cloud K2P. Its LoadBalancer Services take no annotations that a mesh needs. */
export const kt: CspProfile = { title: "KT Cloud K2P", loadBalancerAnnotations: {} };
