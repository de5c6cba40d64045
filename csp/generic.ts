import type { CspProfile } from "./profile.ts";

/** Any other provider whose LoadBalancer Services are layer 4 by default. */
export const generic: CspProfile = { title: "Kubernetes", loadBalancerAnnotations: {} };
