import * as z from "zod";
import type { Csp } from "../csp/profiles.ts";
import { SETTING_NAMES } from "../mesh/ciliumSettings.ts";
import { DEFAULT_DOMAIN } from "../mesh/clusterDomain.ts";
import { DEFAULT_ISTIO, gatewayApiManifest } from "../mesh/istioLines.ts";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { REVIEWS_VERSIONS } from "../mesh/reviewsVersion.ts";
import { downloadAccessSchema } from "./accessSchema.ts";
import { caSchema } from "./caSchema.ts";
import {
  chartVersion,
  cidr,
  clusterDomainName,
  clusterName,
  digest,
  dnsLabel,
  helmValues,
  imageName,
  imageTag,
  meshIdName,
  networkName,
  registryName,
  strict,
  text,
  trustDomainName,
} from "./fields.ts";
import { clusterGatewaySchema, gatewaySchema, ingressSchema } from "./gatewaySchema.ts";
import { isGone, isStaying } from "./gone.ts";
import { istiodSchema } from "./istiodSchema.ts";
import { operationSchema } from "./operationSchema.ts";
import { clusterPodsSchema, podsSchema } from "./podsSchema.ts";
import { preflightSchema } from "./preflightSchema.ts";
import { pullSecretsSchema } from "./pullSecretSchema.ts";
import { nameWithoutAddress, remoteAccessShape } from "./remoteAccessSchema.ts";
import { rootRotationSchema } from "./rotationSchema.ts";
import { storageClassSchema } from "./storageClassSchema.ts";
import { trafficSchema } from "./trafficSchema.ts";
import { clusterIstioSchema } from "./upgradeSchema.ts";
import { vmAccountSchema } from "./vmAccountSchema.ts";
import { resources } from "./workloadFields.ts";

const csps = ["ncloud", "nhn", "kt", "generic"] as const satisfies readonly Csp[];

/** A kubeconfig in an output of another stack, for example of the stack that created the cluster. */
const stackOutput = strict({
  stack: text.meta({ description: "The other stack's full name.", examples: ["acme/clusters/prod"] }),
  output: text.meta({ description: "Name of its output with the content of a kubeconfig.", examples: ["kubeconfig"] }),
});

/**
 * Access to a cluster from this machine. Parsed separately, so that the kubeconfig is checked even if the rest of the
 * entry is invalid.
 */
export const accessSchema = z.object({
  kubeconfig: z
    .union([text, stackOutput], {
      error: (issue) =>
        issue.input === "" ? "must not be empty" : "must be a path, the content of a kubeconfig, or {stack, output}",
    })
    .default("~/.kube/config")
    .meta({
      description:
        "Path of a kubeconfig file (`~` is the home directory, a relative path starts at the project), its content as a secret (`pulumi config set --secret --path 'clusters[0].kubeconfig' < FILE`), or another stack's output.",
      "x-secret": true,
      examples: ["~/.kube/cluster1-config", { stack: "acme/clusters/prod", output: "kubeconfig" }],
    }),
  context: text.meta({
    description: "Any context of that kubeconfig. It is never renamed and need not be a valid cluster name.",
    examples: ["nks_kr_portal-test-cluster_e50cf226-309b-4c00-8953-a32ff962f8d4"],
  }),
});

export const clusterSchema = strict({
  ...accessSchema.shape,
  name: clusterName.meta({
    description:
      "The cluster's name in the mesh, a DNS label; the same in istiod, remote secrets and certificates. Cannot be changed later.",
    examples: ["ncloud"],
  }),
  network: networkName.optional().meta({
    description: "The network of its pods. Clusters of different networks reach each other through gateways only.",
    "x-default": "the cluster's name",
    examples: ["ncloud-vpc1"],
  }),
  state: z
    .enum(["present", "leaving", "gone"])
    .default("present")
    .meta({
      description:
        "`leaving`: the other clusters stop watching it, and everything in it stays. `npm run mesh -- remove` sets this, checks the other clusters, and then removes the cluster. `gone`: the cluster is lost for good. It is not contacted, its kubeconfig need not exist, and the other clusters stop watching it. Do not delete the entry by hand, because the sample's version in each cluster depends on the position of its entry; `npm run mesh -- remove` deletes it and keeps the versions.",
      examples: ["leaving", "gone"],
    }),
  sampleVersion: z
    .int()
    .positive()
    .max(REVIEWS_VERSIONS, `must be at most ${REVIEWS_VERSIONS}: Istio's sample has no later version of reviews`)
    .optional()
    .meta({
      "x-default": "1, 2, 3, 1 and so on, by the entry's place in the list",
      description:
        "Version of the sample's `reviews` in this cluster. `npm run mesh -- remove` writes it for the clusters after the removed one, so that their version stays the same.",
      examples: [2],
    }),
  csp: z
    .enum(csps)
    .default("generic")
    .meta({
      description:
        "Cloud provider, which determines the annotations of load balancers and the StorageClass's driver. `npm run mesh -- providers` lists them.",
      examples: ["ncloud"],
    }),
  ...remoteAccessShape,
  egressCidrs: z
    .array(cidr)
    .min(1, "must not be empty; remove it if the addresses are not known yet")
    .optional()
    .meta({
      "x-default": "not known",
      description:
        "Source addresses of this cluster's pods, as seen by the other clusters: its nodes, or their NAT. For the rules of `npm run mesh -- firewall`.",
      examples: [["203.0.113.0/28"], ["198.51.100.7/32"]],
    }),
  cilium: strict({
    patch: z
      .boolean()
      .default(true)
      .meta({
        description:
          "Whether to change Cilium's settings for Istio's sidecars, with one restart, if the cluster has Cilium. `pulumi destroy` restores them.",
        examples: [false],
      }),
    leave: z
      .array(z.enum(SETTING_NAMES))
      .default([])
      .meta({
        description:
          "Those of the three keys of `cilium-config` for Istio that the program does not change. List `enable-l7-proxy` if Cilium's layer 7 policies, FQDN policies, Ingress or Gateway API are in use.",
        "x-default": "none, all three are set",
        examples: [["enable-l7-proxy"]],
      }),
    namespace: dnsLabel.optional().meta({
      description: "Namespace of Cilium's DaemonSet.",
      "x-default": "wherever it is found by its label `k8s-app=cilium`",
      examples: ["kube-system"],
    }),
  })
    .prefault({})
    .meta({ description: "Changes to Cilium in this cluster.", examples: [{ patch: false }] }),
  gateway: clusterGatewaySchema.prefault({}).meta({
    description: "This cluster's east-west gateway, as far as it differs from `gateway`.",
    examples: [{ externalAddress: "203.0.113.20" }],
  }),
  pods: clusterPodsSchema.prefault({}).meta({
    description: "On which nodes of this cluster the program's pods run, as far as it differs from `pods`.",
    examples: [{ tolerations: [{ key: "dedicated", operator: "Exists" }] }],
  }),
  istio: clusterIstioSchema.optional().meta({
    "x-default": "as `istio`",
    description: "Istio in this cluster during an upgrade: `npm run mesh -- upgrade` writes and removes it.",
    examples: [{ version: "1.31.0" }],
  }),
  storageClass: storageClassSchema.optional().meta({
    "x-default": "none",
    description:
      "A default StorageClass, created only if the cluster has none. `{}` is enough if the provider's driver is known.",
    examples: [{}, { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } }],
  }),
})
  .refine(nameWithoutAddress.holds, nameWithoutAddress.problem)
  .transform((cluster) => ({ ...cluster, network: cluster.network ?? cluster.name }));

const istioSchema = strict({
  version: chartVersion.default(DEFAULT_ISTIO).meta({
    description: "Version of the charts `base` and `istiod`.",
    examples: ["1.28.2"],
  }),
  allowUnsupported: z
    .boolean()
    .default(false)
    .meta({
      description:
        "Whether the preflight only warns, instead of stopping, if Istio does not support a cluster's Kubernetes version.",
      examples: [true],
    }),
  charts: text.default("https://blob.istio.io/istio-release/charts").meta({
    description:
      "An https:// chart repository, an oci:// registry, or a folder with the two charts, packed or unpacked; for several versions, in subfolders such as `1.31.0`.",
    examples: ["oci://registry.example/charts", "./charts"],
  }),
  chartAccess: downloadAccessSchema.optional().meta({
    description: "Login and CA for `charts`, unless it is a folder. The program then fetches the two charts itself.",
    "x-default": "none, Helm fetches them",
    examples: [{ username: "mesh-reader", password: "(encrypted)", caFile: "./certs/registry-ca.pem" }],
  }),
  chartDigests: strict({
    base: digest.meta({
      description: "Digest of the chart `base`.",
      examples: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    }),
    istiod: digest.meta({
      description: "Digest of the chart `istiod`.",
      examples: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    }),
  })
    .optional()
    .meta({
      description:
        "SHA-256 of the two packed charts (`sha256sum istiod-1.31.0.tgz`): charts with other digests are refused before anything is created. The program then fetches the charts itself.",
      "x-default": "none, they are not compared",
      examples: [
        {
          base: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
          istiod: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        },
      ],
    }),
  hub: registryName.default("docker.io/istio").meta({
    description: "Registry of the images `pilot` and `proxyv2`; for a closed network, your own.",
    examples: ["registry.example/istio"],
  }),
  tag: imageTag.optional().meta({
    description: "Tag of the images `pilot` and `proxyv2`.",
    "x-default": "`istio.version`",
    examples: [`${DEFAULT_ISTIO}-distroless`],
  }),
  meshId: meshIdName
    .default("mesh1")
    .meta({ description: "The mesh's id, in every cluster's istiod.", examples: ["prod"] }),
  keepCrds: z
    .boolean()
    .default(false)
    .meta({
      description: "Whether `pulumi destroy` keeps Istio's CRDs, and with them all custom resources of Istio.",
      examples: [true],
    }),
  trustDomain: trustDomainName.default("cluster.local").meta({
    description: "First part of every SPIFFE identity. Cannot be changed later without a migration.",
    examples: ["mesh.example"],
  }),
  values: strict({
    base: helmValues.default({}).meta({
      description: "Values for the chart `base`.",
      examples: [{ global: { istioNamespace: "istio-system" } }],
    }),
    istiod: helmValues.default({}).meta({
      description: "Values for the chart `istiod`.",
      examples: [{ pilot: { resources: { requests: { cpu: "200m" } } } }],
    }),
  })
    .prefault({})
    .meta({
      description: "More Helm values, by chart. They add to the program's own and may not contradict them.",
      examples: [{ istiod: { global: { logAsJson: true } } }],
    }),
});

const image = (name: string, fallback: string) =>
  imageName
    .default(fallback)
    .meta({ description: `Image of \`${name}\`.`, examples: [fallback.replace("docker.io", "registry.example")] });

/** Namespaces in which istiod never injects sidecars (istio/istio, pkg/kube/inject, IgnoredNamespaces). */
const UNINJECTED = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

const sampleSchema = strict({
  enabled: z
    .boolean()
    .default(true)
    .meta({
      description: "Whether to install the workloads of the proof in each cluster.",
      examples: [false],
    }),
  namespace: dnsLabel
    .refine((name) => name !== SYSTEM_NAMESPACE, "is istiod's own namespace; choose another one for the sample")
    .refine(
      (name) => !UNINJECTED.includes(name),
      "is a namespace whose pods never get a sidecar; choose another one for the sample",
    )
    .default("sample")
    .meta({
      description:
        "Namespace of these workloads. It is created if it does not exist. An existing one keeps its labels, and is not deleted with the mesh.",
      examples: ["mesh-proof"],
    }),
  traffic: trafficSchema,
  resources: resources("none")
    .optional()
    .meta({
      "x-default": "none",
      description:
        "Requests and limits of each container of the sample. Its sidecars have those of `istio.values.istiod.global.proxy.resources`.",
      examples: [{ requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } }],
    }),
  images: strict({
    "reviews-v1": image("reviews-v1", "docker.io/istio/examples-bookinfo-reviews-v1:1.20.3"),
    "reviews-v2": image("reviews-v2", "docker.io/istio/examples-bookinfo-reviews-v2:1.20.3"),
    "reviews-v3": image("reviews-v3", "docker.io/istio/examples-bookinfo-reviews-v3:1.20.3"),
    curl: image("sleep", "docker.io/curlimages/curl:8.16.0"),
  })
    .prefault({})
    .meta({
      description: "Images by workload.",
      examples: [{ curl: "registry.example/curlimages/curl:8.16.0" }],
    }),
});

const gatewayApiSchema = strict({
  source: text.optional().meta({
    "x-default": `the release that the line of \`istio.version\` was built with; ${gatewayApiManifest(DEFAULT_ISTIO)} for ${DEFAULT_ISTIO}`,
    description:
      "The Gateway API's release manifest, for clusters without its CRDs: an https:// URL, the path of a file or of a folder of .yaml files, or `none`.",
    examples: ["none", "./gateway-api.yaml"],
  }),
  sha256: digest.optional().meta({
    description: "SHA-256 of the file that `source` names. Any other content is refused before anything is created.",
    "x-default": "none, it is not compared",
    examples: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
  }),
  access: downloadAccessSchema.optional().meta({
    description: "Login and CA for `source`, if it is a URL.",
    "x-default": "none",
    examples: [{ caFile: "./certs/mirror-ca.pem" }],
  }),
});

const metricsServerSchema = strict({
  source: text.default("none").meta({
    description:
      "metrics-server's release manifest, for clusters without a metrics API: an https:// URL, the path of a file or of a folder of .yaml files, or `none`.",
    examples: ["https://github.com/kubernetes-sigs/metrics-server/releases/download/v0.7.2/components.yaml"],
  }),
  kubeletInsecureTls: z
    .boolean()
    .default(false)
    .meta({
      description:
        "Whether it accepts kubelets' certificates without verification (`--kubelet-insecure-tls`), for kubelets with self-signed certificates.",
      examples: [true],
    }),
  sha256: digest.optional().meta({
    description: "SHA-256 of the file that `source` names. Any other content is refused before anything is created.",
    "x-default": "none, it is not compared",
    examples: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
  }),
  access: downloadAccessSchema.optional().meta({
    description: "Login and CA for `source`, if it is a URL.",
    "x-default": "none",
    examples: [{ caFile: "./certs/mirror-ca.pem" }],
  }),
  registry: registryName.optional().meta({
    "x-default": "the manifest's",
    description: "Registry instead of the manifest's `registry.k8s.io`, for a closed network.",
    examples: ["registry.example/k8s"],
  }),
});

/** All keys of a stack's config below `csp-mesh:`, before their transformation. */
export const configSchema = strict({
  clusters: z
    .array(clusterSchema)
    .min(1, "is empty; list the clusters of the mesh")
    .refine((clusters) => clusters.length === 0 || !clusters.every(isGone), {
      error:
        'every cluster has the state "gone": pulumi has nothing to create or delete; remove the stack by: pulumi stack rm --force',
      abort: true,
    })
    .refine((clusters) => clusters.length === 0 || clusters.some(isStaying), {
      error:
        'every cluster is "leaving" or "gone"; a mesh needs at least one that stays (pulumi destroy removes the mesh)',
    })
    .meta({
      description: "The clusters of the mesh: two or more. One is enough if others are gone or will join later.",
      examples: [
        [
          { name: "ncloud", context: "nks_kr_one" },
          { name: "nhn", context: "nks_two" },
        ],
      ],
    }),
  clusterDomain: clusterDomainName.default(DEFAULT_DOMAIN).meta({
    description:
      "DNS domain of the clusters' Services, the same in every cluster (kubelet's `clusterDomain`, CoreDNS' plugin `kubernetes`). The preflight compares it. After a change, all pods with a sidecar must restart.",
    examples: ["corp.internal"],
  }),
  istio: istioSchema.prefault({}).meta({
    description: "Istio, the same in every cluster.",
    examples: [{ version: DEFAULT_ISTIO }],
  }),
  gatewayApi: gatewayApiSchema.prefault({}).meta({
    description: "Custom resource definitions of the Kubernetes Gateway API.",
    examples: [{ source: "none" }],
  }),
  metricsServer: metricsServerSchema.prefault({}).meta({
    description: "metrics-server, which the autoscalers of gateways and istiods need.",
    examples: [{ source: "./metrics-server.yaml", kubeletInsecureTls: true }],
  }),
  pullSecrets: pullSecretsSchema.default([]).meta({
    description:
      "Secrets with which the nodes log in at the registry of Istio's and the sample's images. Your own namespaces need such Secrets, too.",
    "x-default": "none",
    examples: [[{ name: "registry-login" }]],
  }),
  pods: podsSchema.prefault({}).meta({
    description:
      "On which nodes the program's pods run: istiods, gateways, the sample, metrics-server and the probe. `gateway`, `ingress` and `istio.values` take precedence.",
    examples: [{ nodeSelector: { "node-role": "infra" }, tolerations: [{ key: "dedicated", value: "infra" }] }],
  }),
  istiod: istiodSchema.prefault({}).meta({
    description: "Number and size of the istiods, the same in every cluster.",
    examples: [{ replicas: 2 }],
  }),
  gateway: gatewaySchema.prefault({}).meta({
    description: "The east-west gateway of every cluster, between the networks.",
    examples: [{ autoscaling: { min: 2 } }],
  }),
  ingress: ingressSchema.prefault({}).meta({
    description: "An additional gateway in each cluster, for callers outside the mesh.",
    examples: [{ enabled: true }],
  }),
  ca: caSchema.prefault({}).meta({
    description: "The mesh's root CA, and the intermediate CAs with which the clusters' istiods sign.",
    examples: [{ algorithm: "RSA", rsaBits: 3072 }],
  }),
  rootRotation: rootRotationSchema.optional().meta({
    "x-default": "none",
    description: "Rotation of an existing mesh's root CA, in phases.",
    examples: [{ ca: { algorithm: "RSA" } }],
  }),
  sample: sampleSchema.prefault({}).meta({
    description: "A client and a server in each cluster, which the proof uses.",
    examples: [{ enabled: false }],
  }),
  vmAccount: vmAccountSchema.optional().meta({
    "x-default": "none",
    description:
      "One account with sudo and an RSA key on machines outside of the clusters, as the portal's installer requires it.",
    examples: [{ hosts: [{ host: "203.0.113.11", hostKey: "ssh-ed25519 AAAA…" }] }],
  }),
  preflight: preflightSchema.prefault({}).meta({
    description: "Checks before anything is created.",
    examples: [{ probe: false }],
  }),
  operation: operationSchema.optional().meta({
    "x-default": "none",
    description:
      "The operation that is under way, written and removed by the commands of `npm run mesh`. The program does not read it: the other keys alone define the desired state of the mesh.",
    examples: [{ kind: "remove", cluster: "nhn", reached: 1 }],
  }),
  awaitSeconds: z
    .int()
    .positive()
    .max(86_400, "must be at most 86400, a day")
    .default(300)
    .meta({
      description: "Longest wait for one Deployment, Release or load balancer, in seconds.",
      examples: [600],
    }),
});

/** The whole config of a stack: the keys below `csp-mesh:`. */
export const meshSchema = configSchema.transform((config) => ({
  ...config,
  /** As in the config; undefined if it is derived from the version. */
  writtenTag: config.istio.tag,
  istio: { ...config.istio, tag: config.istio.tag ?? config.istio.version },
}));

export type MeshSettings = z.output<typeof meshSchema>;
export type ClusterSettings = z.output<typeof clusterSchema>;
