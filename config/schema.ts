import * as z from "zod";
import type { Csp } from "../csp/profiles.ts";
import { strict, text } from "./fields.ts";
import { clusterGatewaySchema, gatewaySchema, ingressSchema } from "./gatewaySchema.ts";
import { istiodSchema } from "./istiodSchema.ts";
import { isDnsLabel, isLabelValue, suggestDnsLabel } from "./names.ts";
import { nameWithoutAddress, remoteAccessShape } from "./remoteAccessSchema.ts";
import { trafficSchema } from "./trafficSchema.ts";

const csps = ["ncloud", "nhn", "kt", "generic"] as const satisfies readonly Csp[];

const hours = z.int().positive();
const helmValues = z.record(z.string(), z.unknown());

const dnsLabel = text.refine(isDnsLabel, {
  error: ({ input }) =>
    `${JSON.stringify(input)} is not a DNS-1123 label (lower case letters, digits and "-", at most 63); ` +
    `use ${JSON.stringify(suggestDnsLabel(String(input)))}, whatever the kubeconfig calls the cluster`,
});

const networkName = text.refine(isLabelValue, {
  error: ({ input }) =>
    `${JSON.stringify(input)} cannot be the value of a label (letters, digits, "-", "_" and ".", at most 63); ` +
    "the default is the cluster's name",
});

/** How to reach a cluster from here: checked against the file itself even where the rest of the entry is wrong. */
export const accessSchema = z.object({
  /** Path of a kubeconfig file; `~` is the home directory, a relative path starts at the project. */
  kubeconfig: text.default("~/.kube/config"),
  /** Any context of that file. It is never renamed and need not be a valid cluster name. */
  context: text,
});

export const clusterSchema = strict({
  ...accessSchema.shape,
  /** The cluster's name in the mesh, the same in istiod, remote secrets and certificates. Cannot be changed later. */
  name: dnsLabel,
  /** The pods' network. Clusters of different networks reach each other through gateways only. Default: `name`. */
  network: networkName.optional(),
  /** Cloud provider: decides the load balancer's annotations. */
  csp: z.enum(csps).default("generic"),
  ...remoteAccessShape,
  cilium: strict({
    /** Whether Cilium, if the cluster has it, is set up for Istio's sidecars and restarted once; destroy puts it back. */
    patch: z.boolean().default(true),
    /** Where Cilium's DaemonSet is. Default: wherever it is found by its label `k8s-app=cilium`. */
    namespace: dnsLabel.optional(),
  }).prefault({}),
  /** This cluster's east-west gateway, where it differs from `gateway`. Default: as there. */
  gateway: clusterGatewaySchema.prefault({}),
})
  .refine(nameWithoutAddress.holds, nameWithoutAddress.problem)
  .transform((cluster) => ({ ...cluster, network: cluster.network ?? cluster.name }));

const istioSchema = strict({
  /** Version of the charts `base` and `istiod`. */
  version: text.default("1.29.1"),
  /** An https:// chart repository, an oci:// registry, or a folder that holds the two charts. */
  charts: text.default("https://istio-release.storage.googleapis.com/charts"),
  /** Registry of the images `pilot` and `proxyv2`. */
  hub: text.default("docker.io/istio"),
  /** Tag of those images. Default: `version`. */
  tag: text.optional(),
  meshId: text.default("mesh1"),
  /** Istio's CRDs stay when the mesh goes, and other people's custom resources with them. */
  keepCrds: z.boolean().default(false),
  /** First part of every SPIFFE identity. Cannot be changed later without a migration. */
  trustDomain: text.default("cluster.local"),
  /** More Helm values, by chart. They add to the program's own and may not contradict them. */
  values: strict({ base: helmValues.default({}), istiod: helmValues.default({}) }).prefault({}),
});

const caSchema = strict({
  /** ECDSA is P-256, as the `step` tool makes it by default; RSA is 4096 bits, as in Istio's own Makefile. */
  algorithm: z.enum(["ECDSA", "RSA"]).default("ECDSA"),
  organization: text.default("Istio"),
  /** Default: ten years. */
  rootValidityHours: hours.default(10 * 365 * 24),
  /** Default: five years. It is not renewed by itself. */
  intermediateValidityHours: hours.default(5 * 365 * 24),
});

const sampleSchema = strict({
  /** Whether each cluster gets the workloads that prove the mesh. */
  enabled: z.boolean().default(true),
  namespace: dnsLabel.default("sample"),
  traffic: trafficSchema,
  images: strict({
    "reviews-v1": text.default("docker.io/istio/examples-bookinfo-reviews-v1:1.20.3"),
    "reviews-v2": text.default("docker.io/istio/examples-bookinfo-reviews-v2:1.20.3"),
    "reviews-v3": text.default("docker.io/istio/examples-bookinfo-reviews-v3:1.20.3"),
    curl: text.default("docker.io/curlimages/curl:8.16.0"),
  }).prefault({}),
});

const gatewayApiSchema = strict({
  /**
   * The Gateway API's release manifest, for clusters that have none of its definitions: an https:// URL, the path of a file or
   * of a folder of .yaml files, or `none`.
   */
  source: text.default("https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.2.1/standard-install.yaml"),
});

/** The whole config of a stack, keys under `csp-mesh:`. */
export const meshSchema = strict({
  clusters: z.array(clusterSchema).min(2, {
    error: ({ input }) => `a mesh needs at least 2 clusters, got ${(input as unknown[]).length}`,
  }),
  istio: istioSchema.prefault({}),
  gatewayApi: gatewayApiSchema.prefault({}),
  /** Number and size of the istiods. */
  istiod: istiodSchema.prefault({}),
  /** Every cluster's gateway between the networks. */
  gateway: gatewaySchema.prefault({}),
  /** One more gateway in each cluster, for callers outside the mesh. Default: none. */
  ingress: ingressSchema.prefault({}),
  ca: caSchema.prefault({}),
  sample: sampleSchema.prefault({}),
  /** Longest wait for one Deployment, Release or load balancer, in seconds. */
  awaitSeconds: z.int().positive().default(300),
}).transform((config) => ({ ...config, istio: { ...config.istio, tag: config.istio.tag ?? config.istio.version } }));

export type MeshSettings = z.output<typeof meshSchema>;
export type ClusterSettings = z.output<typeof clusterSchema>;
