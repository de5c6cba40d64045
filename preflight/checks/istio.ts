// Whether an Istio is here that this program did not install: the same as hooks/foreignIstio.ts refuses, before anything is made.
import type { KubernetesObject } from "@kubernetes/client-node";
import { ISTIOD_PARTS, isOurs, RELEASES, SYSTEM_NAMESPACE } from "../../hooks/ownership.ts";
import type { Check, ObservedCluster } from "../cluster.ts";
import { isMeshNamespace, namespaceOf } from "./namespaces.ts";

interface Part {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
}

export const METADATA = { metadata: "list" } as const;
export const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const WEBHOOKS = "/apis/admissionregistration.k8s.io/v1";

const selected = (labels: string) => `?labelSelector=${encodeURIComponent(labels)}`;

export const istio: Check = async (observed, mesh) => {
  const { name: cluster } = observed;
  const stands = isMeshNamespace(await namespaceOf(observed, SYSTEM_NAMESPACE));
  const parts = await partsOf(observed, stands);
  if (parts.length > 0) return [{ id: "othersIstio", severity: "error", cluster, parts: parts.toSorted() }];
  if (stands) return [{ id: "ownIstio", severity: "ok", cluster }];
  const resources = mesh.istio.keepCrds ? [] : await othersResources(observed);
  return resources.length > 0
    ? [{ id: "othersResources", severity: "error", cluster, resources }]
    : [{ id: "noIstio", severity: "ok", cluster }];
};

/** Parts of another control plane, as `Kind namespace/name`. Where none of ours stands, there is none that is not another's. */
async function partsOf({ list }: ObservedCluster, stands: boolean): Promise<string[]> {
  const parts = async (kind: string, path: string, labels: string) =>
    (await list<Part>(path + selected(labels), METADATA))
      .filter((part) => !(stands && isOurs(part as KubernetesObject)))
      .map((part) => `${kind} ${nameOf(part)}`);
  const found = await Promise.all([
    parts("Deployment", "/apis/apps/v1/deployments", ISTIOD_PARTS),
    parts("MutatingWebhookConfiguration", `${WEBHOOKS}/mutatingwebhookconfigurations`, ISTIOD_PARTS),
    parts("ValidatingWebhookConfiguration", `${WEBHOOKS}/validatingwebhookconfigurations`, ISTIOD_PARTS),
    // Helm's own records have no mark of ours.
    stands ? [] : parts("Secret", "/api/v1/secrets", `owner=helm,name in (${RELEASES})`),
  ]);
  return found.flat();
}

/** Custom resources of Istio's kinds, which its istiod would obey. */
async function othersResources(observed: ObservedCluster): Promise<string[]> {
  const { list } = observed;
  const crds = (await list<Part>(CRDS, METADATA)).map(nameOf).filter((name) => name.endsWith(".istio.io"));
  const lists = crds.map(async (crd) => {
    const [, plural = "", group = ""] = /^([^.]+)\.(.+)$/.exec(crd) ?? [];
    const path = await pathOf(observed, group, plural);
    const resources = path === undefined ? [] : await list<Part>(path, METADATA);
    return resources
      .filter((resource) => !isOurs(resource as KubernetesObject))
      .map((resource) => `${crd} ${nameOf(resource)}`);
  });
  return (await Promise.all(lists)).flat().toSorted();
}

/** Where a kind is listed: EnvoyFilter and ProxyConfig are not served in the version that their group prefers. */
async function pathOf({ read }: ObservedCluster, group: string, plural: string): Promise<string | undefined> {
  const known = await read<{ versions: readonly { groupVersion: string }[] }>(`/apis/${group}`);
  for (const { groupVersion } of known?.versions ?? []) {
    const served = await read<{ resources: readonly { name: string }[] }>(`/apis/${groupVersion}`);
    if (served?.resources.some(({ name }) => name === plural)) return `/apis/${groupVersion}/${plural}`;
  }
  return undefined;
}

const nameOf = ({ metadata: { name, namespace } }: Part) => (namespace ? `${namespace}/${name}` : name);
