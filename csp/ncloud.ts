import { GUIDE } from "./guide.ts";
import type { CspProfile } from "./profile.ts";

const LOAD_BALANCERS = "https://guide.ncloud-docs.com/docs/en/k8s-k8suse-loadbalancer";

const LAYER = "service.beta.kubernetes.io/ncloud-load-balancer-layer-type";
const INTERNAL = "service.beta.kubernetes.io/ncloud-load-balancer-internal";

/**
 * NAVER Cloud Kubernetes Service. Its load balancers get a hostname, which istiod resolves by itself.
 *
 * The type must be layer 4, because a layer 7 one breaks passthrough on 15443 with 503, and cannot be changed after creation.
 * `nlb` (unlike `nplb`) passes connections on without a proxy of its own.
 */
export const ncloud: CspProfile = {
  title: "NAVER Cloud Kubernetes Service",
  loadBalancerAnnotations: { [LAYER]: "nlb" },
  scopeAnnotations: { public: { [INTERNAL]: "false" }, internal: { [INTERNAL]: "true" } },
  facts: {
    loadBalancer: { value: "hostname", source: GUIDE },
    layer4: { value: LAYER, source: LOAD_BALANCERS },
    // From the page about the Classic environment. Clusters in a VPC use the same annotation.
    scope: { value: INTERNAL, source: "https://guide.ncloud-docs.com/docs/en/nks-nks-1-8" },
    storageClass: { value: "nks-block-storage", source: "https://guide.ncloud-docs.com/docs/en/k8s-k8suse-bscsi" },
    provisioner: { value: "blk.csi.ncloud.com", source: "https://guide.ncloud-docs.com/docs/en/k8s-k8suse-bscsi" },
    cni: {
      value: "Cilium",
      source:
        "https://github.com/NaverCloudPlatform/terraform-provider-ncloud/blob/master/docs/resources/nks_cluster.md",
    },
    addons: {
      value: "nks-csi, nks-nas-csi, external-dns, nks-gateway-adapter, istio",
      source: "https://guide.ncloud-docs.com/docs/en/k8s-k8suse-addon-catalog",
    },
    apiServerAccess: { value: "IP ACL", source: "https://api.ncloud-docs.com/docs/en/nks-patchipacl" },
    execPlugin: {
      value: "ncp-iam-authenticator",
      source: "https://guide.ncloud-docs.com/docs/en/k8s-iam-auth-kubeconfig",
    },
  },
};
