import type { CspProfile } from "./profile.ts";

/** Any other provider whose LoadBalancer Services are layer 4 by default. */
export const generic: CspProfile = {
  title: "Kubernetes",
  loadBalancerAnnotations: {},
  facts: {
    loadBalancer: "unknown",
    layer4: "unknown",
    scope: "unknown",
    storageClass: "unknown",
    provisioner: "unknown",
    cni: "unknown",
    addons: "unknown",
    apiServerAccess: "unknown",
    execPlugin: "unknown",
  },
};
