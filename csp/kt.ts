import { GUIDE } from "./guide.ts";
import type { CspProfile } from "./profile.ts";

/**
 * KT Cloud K2P. It has no load balancer controller: a person creates one in the console for the Service's node ports,
 * and gives it a public IP (section 7.1 of the guide). KT's own documents are not public.
 */
export const kt: CspProfile = {
  title: "KT Cloud K2P",
  loadBalancerAnnotations: {},
  facts: {
    loadBalancer: { value: null, source: GUIDE },
    layer4: "unknown",
    scope: "unknown",
    storageClass: { value: null, source: GUIDE },
    provisioner: "unknown",
    cni: { value: "Calico", source: GUIDE },
    addons: "unknown",
    apiServerAccess: "unknown",
    execPlugin: "unknown",
  },
};
