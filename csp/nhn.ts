import type { CspProfile } from "./profile.ts";

/**
 * NHN Kubernetes Service (OpenStack). Its load balancers get a floating IP.
 *
 * TCP is the default of a listener's protocol; said here because it cannot be changed after creation.
 * https://docs.nhncloud.com/en/Container/NKS/en/user-guide/ ("Set the listener protocol")
 */
export const nhn: CspProfile = {
  title: "NHN Kubernetes Service",
  loadBalancerAnnotations: { "loadbalancer.nhncloud/listener-protocol": "TCP" },
};
