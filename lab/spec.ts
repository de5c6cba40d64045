// All names, addresses and folders of a lab, derived from its number of clusters. Pure.
import { join } from "node:path";
import { otherKubernetes, versions } from "./toolchain/versions.ts";

/** Differences between the simulated providers that affect a mesh. */
export interface Provider {
  readonly csp: "ncloud" | "nhn" | "kt";
  /** Name of the cluster, context and user in this provider's kubeconfig. */
  readonly kubeconfigName: (serial: number) => string;
  /** Address of a Service of type LoadBalancer: NAVER gives a hostname, NHN an IP, KT none. */
  readonly loadBalancer:
    | { readonly kind: "hostname"; readonly zone: string }
    | { readonly kind: "ip" }
    | { readonly kind: "none" };
  readonly hasStorageClass: boolean;
  readonly hasCilium: boolean;
  readonly region: string;
}

// The names in the guide's transcripts. Further clusters of a provider get other digits at the end.
function uuid(serial: number, first: string): string {
  return serial === 1 ? first : first.replace(/.{4}$/, serial.toString(16).padStart(4, "0"));
}

const ncloud: Provider = {
  csp: "ncloud",
  kubeconfigName: (serial) => `nks_kr_portal-test-cluster_${uuid(serial, "e50cf226-309b-4c00-8953-a32ff962f8d4")}`,
  loadBalancer: { kind: "hostname", zone: "kr-gov.lb.naverncp.com" },
  hasStorageClass: true,
  hasCilium: true,
  region: "KR",
};

const nhn: Provider = {
  csp: "nhn",
  kubeconfigName: (serial) => `nks_portal-test-cluster_${uuid(serial, "7132dd1d-2142-45a4-a7b1-1f0ead2fc160")}`,
  loadBalancer: { kind: "ip" },
  hasStorageClass: false,
  hasCilium: false,
  region: "kr1",
};

// As in K-PaaS' guide to an Istio mesh over all three providers (github.com/K-PaaS/cp-guide-eng,
// install-guide/csp/cp-csp-istio-guide.md).
const kt: Provider = {
  csp: "kt",
  kubeconfigName: (serial) => (serial === 1 ? "kt-k2p" : `kt-k2p-${serial}`),
  loadBalancer: { kind: "none" },
  hasStorageClass: false,
  hasCilium: false,
  region: "kt",
};

/** Clusters get these providers in turn. */
const providers = [ncloud, nhn, kt] as const;

export interface ClusterSpec {
  readonly index: number;
  readonly name: string;
  readonly provider: Provider;
  readonly kubeconfigName: string;
  /** DNS domain of its Services. */
  readonly clusterDomain: string;
  /** Version of Kubernetes. */
  readonly kubernetes: string;
  /** Network namespace of the cluster's single node. */
  readonly netns: string;
  /** Name of the link between the node and the bridge; at most 15 characters. */
  readonly cable: string;
  readonly nodeName: string;
  readonly nodeIp: string;
  /**
   * Addresses for this provider's load balancers, in order. For a provider without load balancers, addresses that a
   * person may reserve.
   */
  readonly loadBalancerIps: readonly string[];
  readonly podRange: string;
  readonly serviceRange: string;
  readonly apiServiceIp: string;
  readonly dnsServiceIp: string;
  readonly cgroup: string;
  /** Folder for all of the cluster's files: certificates, etcd, images, logs. */
  readonly dir: string;
}

export interface LabSpec {
  /** Distinguishes this lab's links, namespaces and cgroups from those of other labs on the same machine. */
  readonly id: string;
  readonly dir: string;
  /** Address range of the "internet" between the providers. */
  readonly range: string;
  readonly hostIp: string;
  readonly cloudIp: string;
  readonly hostLink: string;
  readonly cloudNetns: string;
  readonly cgroup: string;
  readonly clusters: readonly ClusterSpec[];
}

export const MAX_CLUSTERS = 6;

/** The address that a person has reserved for a cluster's gateway, at a provider without load balancers. */
export function reservedAddress({ provider, loadBalancerIps }: ClusterSpec): string | undefined {
  return provider.loadBalancer.kind === "none" ? loadBalancerIps[0] : undefined;
}

export const MAX_SLOT = 9;

export interface LabOptions {
  readonly slot: number;
  readonly clusters: number;
  readonly dir: string;
  /** @default the lab's own version */
  readonly kubernetes?: readonly string[] | undefined;
  /** DNS domain of the Services of all clusters. @default cluster.local */
  readonly clusterDomain?: string | undefined;
}

/**
 * @param slot number of a lab on this machine. Several labs can exist at once, each with its own address range.
 * @param dir folder of the lab's state, in the checkout
 * @param kubernetes versions for the clusters, used in turn
 */
export function labSpec(options: LabOptions): LabSpec {
  const { slot, clusters, dir, kubernetes = [versions.kubernetes], clusterDomain = "cluster.local" } = options;
  for (const version of kubernetes) {
    const known = [versions.kubernetes, ...otherKubernetes];
    if (!known.some((each) => each === version)) {
      throw new Error(`kubernetes: ${version} is not one of the lab's versions: ${known.join(", ")}`);
    }
  }
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > MAX_CLUSTERS) {
    throw new Error(`clusters: ${clusters} is not a whole number from 1 to ${MAX_CLUSTERS}`);
  }
  if (!Number.isInteger(slot) || slot < 0 || slot > MAX_SLOT) {
    throw new Error(`slot: ${slot} is not a whole number from 0 to ${MAX_SLOT}`);
  }
  const id = `csp-mesh-${slot}`;
  const net = `172.30.${slot}`;
  return {
    id,
    dir,
    range: `${net}.0/24`,
    hostIp: `${net}.1`,
    cloudIp: `${net}.2`,
    hostLink: id,
    cloudNetns: `${id}-cloud`,
    cgroup: `/${id}`,
    clusters: Array.from({ length: clusters }, (_, i) => ({
      ...clusterSpec(id, net, dir, i + 1, kubernetes[i % kubernetes.length] ?? versions.kubernetes),
      clusterDomain,
    })),
  };
}

function clusterSpec(
  id: string,
  net: string,
  dir: string,
  index: number,
  kubernetes: string,
): Omit<ClusterSpec, "clusterDomain"> {
  const provider = providers[(index - 1) % providers.length] as Provider;
  const serial = Math.ceil(index / providers.length);
  const name = serial === 1 ? provider.csp : `${provider.csp}-${serial}`;
  const pods = 40 + index;
  const services = 80 + index;
  return {
    index,
    name,
    provider,
    kubeconfigName: provider.kubeconfigName(serial),
    kubernetes,
    netns: `${id}-${name}`,
    cable: `${id}-${index}`,
    nodeName: `${name}-node-1`,
    nodeIp: `${net}.${10 + index}`,
    loadBalancerIps: Array.from({ length: 10 }, (_, i) => `${net}.${100 + 10 * index + i}`),
    podRange: `10.${pods}.0.0/24`,
    serviceRange: `10.${services}.0.0/16`,
    apiServiceIp: `10.${services}.0.1`,
    dnsServiceIp: `10.${services}.0.10`,
    cgroup: `/${id}/${name}`,
    dir: join(dir, "clusters", name),
  };
}
