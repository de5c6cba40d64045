// Reads the parts of a former script's mesh in a cluster, and removes recognised parts.
import type { KubernetesObject, V1ConfigMap, V1Deployment, V1Secret, V1Service } from "@kubernetes/client-node";
import { parse } from "yaml";
import type { ClusterConfig } from "../config/parse.ts";
import { succeeded } from "../kube/apiServer.ts";
import { readClaim } from "../kube/claims.ts";
import { type Named, nameOf, type Objects, objectsOf } from "../kube/objects.ts";
import { queryOf } from "../kube/selection.ts";
import type { Claim } from "../mesh/claim.ts";
import {
  FORMER_KINDS,
  isCrossNetworkGateway,
  isOfIstioctl,
  isRemoteSecret,
  linksByHand,
  NETWORK,
} from "../mesh/formerMesh.ts";
import { plainVersion } from "../mesh/istioLines.ts";
import { CA_SECRET, isOurs, MULTI_CLUSTER, SYSTEM_NAMESPACE, wasMade } from "../mesh/ownership.ts";
import { sidecar } from "../proof/sample.ts";
import { istioCrds, resourcesOfOthers } from "../provider/istioCrds.ts";
import { LIMITS } from "../status/limits.ts";
import type { LiveCluster } from "../status/lookAtCluster.ts";
import { openCluster } from "../status/lookAtMesh.ts";
import { podsOfMesh } from "../status/podsOfMesh.ts";

/** The parts of the former mesh in a cluster, and of this program's mesh. */
export interface FormerCluster {
  readonly name: string;
  /** URL of its API server. */
  readonly server: string;
  readonly claim: Claim | undefined;
  /** The former istiod; undefined if it is gone. */
  readonly istiod: { readonly version: string } | undefined;
  /** Names by which the former istiod and running sidecars call the cluster. */
  readonly names: readonly string[];
  /** The network of the former mesh. */
  readonly network: string | undefined;
  readonly meshId: string | undefined;
  readonly trustDomain: string | undefined;
  /** Certificate of the root that sidecars trust, in PEM. */
  readonly root: string | undefined;
  /** Entries of the former Secret `cacerts`, in base64. */
  readonly ca: Readonly<Record<string, string>> | undefined;
  /** Addresses of the former gateways. */
  readonly addresses: readonly string[];
  /** Control plane and gateways, in the order of their deletion. */
  readonly parts: readonly Named[];
  readonly remoteSecrets: readonly Named[];
  /** Istio's custom resources that are neither ours nor parts. */
  readonly resources: readonly Named[];
  /** Other Services that istiods would treat as gateways of a network. */
  readonly otherGateways: readonly string[];
  /** Whether the sample's namespace exists, but was not created by the program. */
  readonly hasSampleNamespace: boolean;
  /** Running pods whose sidecar calls the cluster by a former name, as `namespace/name`. */
  readonly renamed: readonly string[];
  /** Running pods that should have a sidecar but have none, as `namespace/name`. */
  readonly withoutSidecar: readonly string[];
}

export interface UnseenCluster {
  readonly name: string;
  /** In one line. */
  readonly failure: string;
}

export type Former = FormerCluster | UnseenCluster;
export const isUnseen = (former: Former): former is UnseenCluster => "failure" in former;
export const isFormer = (former: Former): former is FormerCluster => !isUnseen(former);

/** Longest wait for an API server's first answer, in ms. */
export const FIRST_ANSWER_WITHIN = 10_000;

/** @throws the signal's reason */
export async function observeFormer(
  cluster: ClusterConfig,
  sampleNamespace: string,
  signal?: AbortSignal,
): Promise<Former> {
  const opened = await openCluster(cluster, FIRST_ANSWER_WITHIN, signal);
  if (!("server" in opened)) return opened;
  try {
    return await read(opened, objectsOf(opened.server, undefined, { signal }), sampleNamespace);
  } catch (error) {
    signal?.throwIfAborted();
    return { name: cluster.name, failure: (error as Error).message.split("\n")[0] ?? "" };
  } finally {
    opened.server.close();
  }
}

interface RunningPod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly containers: readonly Container[]; readonly initContainers?: readonly Container[] };
}
interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

const inSystem = { namespace: SYSTEM_NAMESPACE };
const variableOf = (container: Container | undefined, name: string) =>
  container?.env?.find((variable) => variable.name === name)?.value;
const decoded = (text: string | undefined) => text && Buffer.from(text, "base64").toString("utf8");

async function read({ name, server }: LiveCluster, objects: Objects, sampleNamespace: string): Promise<FormerCluster> {
  const [claim, kinds, others, secrets, ca, config, roots, services, namespace, sample, pods, running] =
    await Promise.all([
      readClaim(objects).then((found) => found?.claim),
      Promise.all(FORMER_KINDS.map(([apiVersion, kind]) => objects.list(apiVersion, kind, inNamespaceOf(kind)))),
      istioCrds(objects).then((crds) => resourcesOfOthers(objects, crds)),
      objects.list("v1", "Secret", { ...inSystem, labels: `${MULTI_CLUSTER}=true` }),
      objects.read<V1Secret>("v1", "Secret", CA_SECRET, SYSTEM_NAMESPACE),
      objects.read<V1ConfigMap>("v1", "ConfigMap", "istio", SYSTEM_NAMESPACE),
      objects.list<V1ConfigMap>("v1", "ConfigMap", { fields: "metadata.name=istio-ca-root-cert" }),
      objects.list<V1Service>("v1", "Service", { labels: NETWORK }),
      objects.read("v1", "Namespace", SYSTEM_NAMESPACE),
      objects.read("v1", "Namespace", sampleNamespace),
      podsOfMesh(server),
      runningPods(server),
    ]);
  const installed = kinds.flat().filter(isOfIstioctl);
  const formerCa = ca && !isOurs(ca) ? ca : undefined;
  const gateways = others.filter((object) => isCrossNetworkGateway(object) || isOfIstioctl(object));
  const parts = [...installed, ...gateways, ...(formerCa && isOfMesh(formerCa, roots) ? [formerCa] : [])];
  const isPart = (object: KubernetesObject) => parts.some(({ metadata }) => metadata.uid === object.metadata?.uid);
  const istiod = installed.find((object): object is V1Deployment & Named => isIstiod(object));
  const [discovery] = istiod?.spec?.template.spec?.containers ?? [];
  const mesh = config && isOfIstioctl(config) ? meshConfigIn(config) : undefined;
  const proxies = running.flatMap(({ metadata, spec }) => {
    const proxy = [...spec.containers, ...(spec.initContainers ?? [])].find((container) => container.name === sidecar);
    const called = variableOf(proxy, "ISTIO_META_CLUSTER_ID");
    return called === undefined || metadata.namespace === SYSTEM_NAMESPACE
      ? []
      : [{ pod: `${metadata.namespace}/${metadata.name}`, called }];
  });
  const renamed = proxies.filter(({ called }) => called !== name);
  const own = variableOf(discovery, "CLUSTER_ID");
  return {
    name,
    server: server.url,
    claim,
    istiod: istiod && { version: plainVersion(discovery?.image?.split(":").at(-1) ?? "") },
    names: [...new Set([...(own === undefined ? [] : [own]), ...renamed.map(({ called }) => called)])].toSorted(),
    network: namespace?.metadata.labels?.[NETWORK],
    meshId: mesh?.meshId,
    trustDomain: mesh?.trustDomain,
    root: decoded(formerCa?.data?.["root-cert.pem"]) ?? rootIn(roots),
    ca: formerCa?.data,
    addresses: services
      .filter(isPart)
      .flatMap(({ spec, status }) => [
        ...(spec?.externalIPs ?? []),
        ...(status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => [ip ?? [], hostname ?? []].flat()),
      ]),
    parts,
    remoteSecrets: secrets.filter(isRemoteSecret),
    resources: others.filter((object) => !isPart(object)),
    otherGateways: services.filter((service) => !isOurs(service) && !isPart(service)).map(nameOf),
    hasSampleNamespace: sample !== undefined && !wasMade(sample),
    renamed: renamed.map(({ pod }) => pod),
    withoutSidecar: pods.withoutSidecar,
  };
}

const CLUSTER_WIDE = /^(Cluster|Mutating|Validating)/;
const inNamespaceOf = (kind: string) => (CLUSTER_WIDE.test(kind) ? {} : inSystem);

const isIstiod = ({ kind, metadata }: KubernetesObject) => kind === "Deployment" && metadata?.labels?.app === "istiod";

const rootIn = (roots: readonly V1ConfigMap[]) =>
  roots.find(({ data }) => data?.["root-cert.pem"])?.data?.["root-cert.pem"];

/** A Secret `cacerts` belongs to the former mesh if proxies of the cluster trust its root. */
const isOfMesh = (secret: V1Secret, roots: readonly V1ConfigMap[]): boolean => {
  const [own, trusted] = [decoded(secret.data?.["root-cert.pem"])?.trim(), rootIn(roots)?.trim()];
  return own !== undefined && own !== "" && own === trusted;
};

/** Parts of a mesh's settings in ConfigMap `istio`; empty if they are invalid. */
function meshConfigIn({ data }: V1ConfigMap): { readonly meshId?: string; readonly trustDomain?: string } {
  try {
    const { trustDomain, defaultConfig } = (parse(data?.mesh ?? "") ?? {}) as {
      trustDomain?: string;
      defaultConfig?: { meshId?: string };
    };
    return { ...(defaultConfig?.meshId && { meshId: defaultConfig.meshId }), ...(trustDomain && { trustDomain }) };
  } catch {
    return {};
  }
}

async function runningPods(server: LiveCluster["server"]): Promise<readonly RunningPod[]> {
  const path = `/api/v1/pods?${queryOf({ fields: "status.phase=Running" })}`;
  return succeeded<{ items: readonly RunningPod[] }>(await server.get(path, LIMITS)).items;
}

/** A stage of the removal: connections to other clusters, or control plane and gateways. */
export type Stage = "withdraw" | "remove";

/** @param peers addresses of the other clusters' former gateways */
export const partsAt = (
  stage: Stage,
  { parts, remoteSecrets, resources }: FormerCluster,
  peers: ReadonlySet<string>,
): readonly Named[] => (stage === "remove" ? parts : [...linksByHand(resources, peers), ...remoteSecrets]);

/**
 * Deletes objects one after the other, and waits until each is gone. Keeps an object with another UID, because another
 * client has recreated it.
 *
 * @param say called with the name of each deleted object
 * @throws Error if the cluster does not answer, or the signal's reason
 */
export async function removeParts(
  cluster: ClusterConfig,
  parts: readonly Named[],
  say: (name: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const opened = await openCluster(cluster, FIRST_ANSWER_WITHIN, signal);
  if (!("server" in opened)) throw new Error(`${opened.name}: ${opened.failure}`);
  try {
    const objects = objectsOf(opened.server, undefined, { signal });
    for (const part of parts) {
      signal.throwIfAborted();
      const { apiVersion = "", kind = "", metadata } = part;
      const now = await objects.read(apiVersion, kind, metadata.name, metadata.namespace);
      if (now === undefined || now.metadata.uid !== metadata.uid) continue;
      await objects.remove([part]);
      say(nameOf(part));
    }
  } finally {
    opened.server.close();
  }
}
