import type { CspProfile } from "./profile.ts";

/**
 * NAVER Cloud Kubernetes Service. Its load balancers get a hostname, which istiod resolves by itself.
 *
 * The type must be layer 4, because a layer 7 one breaks passthrough on 15443 with 503, and cannot be changed after creation.
 * `nlb` (unlike `nplb`) passes connections on without a proxy of its own.
 * https://guide.ncloud-docs.com/docs/k8s-k8suse-loadbalancer
 */
export const ncloud: CspProfile = {
  title: "NAVER Cloud Kubernetes Service",
  loadBalancerAnnotations: { "service.beta.kubernetes.io/ncloud-load-balancer-layer-type": "nlb" },
};
