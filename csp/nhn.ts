import type { CspProfile } from "./profile.ts";

const USER_GUIDE = "https://docs.nhncloud.com/en/Container/NKS/en/user-guide/";
const API_GUIDE = "https://docs.nhncloud.com/en/Container/NKS/en/public-api/";

const PROTOCOL = "loadbalancer.nhncloud/listener-protocol";
const INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer";

/**
 * NHN Kubernetes Service (OpenStack). Its load balancers get a floating IP; internal ones get an IP of the VPC.
 * TCP is the default protocol of a listener. It is set explicitly, because it cannot be changed after creation.
 */
export const nhn: CspProfile = {
  title: "NHN Kubernetes Service",
  loadBalancerAnnotations: { [PROTOCOL]: "TCP" },
  scopeAnnotations: { public: { [INTERNAL]: "false" }, internal: { [INTERNAL]: "true" } },
  facts: {
    loadBalancer: { value: "ip", source: USER_GUIDE },
    layer4: { value: PROTOCOL, source: USER_GUIDE },
    scope: { value: INTERNAL, source: USER_GUIDE },
    storageClass: { value: null, source: USER_GUIDE },
    provisioner: { value: "cinder.csi.openstack.org", source: USER_GUIDE },
    cni: { value: "Calico", source: API_GUIDE },
    addons: "unknown",
    apiServerAccess: { value: "IP Access Control (cluster API endpoint)", source: USER_GUIDE },
    // Kubeconfigs contain a client certificate.
    execPlugin: { value: null, source: API_GUIDE },
  },
};
