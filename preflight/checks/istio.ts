// Whether the cluster has an Istio that this program did not install. provider/foreignIstio.ts refuses the same, but
// the preflight does so before anything is created.
import type { KubernetesObject } from "@kubernetes/client-node";
import { queryOf, type Selection } from "../../kube/selection.ts";
import { OWNER } from "../../mesh/claim.ts";
import { ISTIOD_PARTS, isOurs, LEFT_PARTS, RELEASES, SYSTEM_NAMESPACE } from "../../mesh/ownership.ts";
import type { Check, ObservedCluster } from "../cluster.ts";
import { claimOn } from "./claim.ts";
import { namespaceOf } from "./namespaces.ts";

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

export const istio: Check = async (observed, mesh) => {
  const { name: cluster } = observed;
  const [namespace, claim] = await Promise.all([namespaceOf(observed, SYSTEM_NAMESPACE), claimOn(observed)]);
  // If the claim was deleted by hand, the namespace still names its stack.
  const owner = namespace?.metadata.annotations?.[OWNER];
  const meshExists = claim !== undefined || (owner !== undefined && owner === mesh.owner);
  const found = await Promise.all([
    partsOf(observed, meshExists),
    namespace && !meshExists ? leftPartsOf(observed) : [],
  ]);
  const parts = found.flat();
  if (parts.length > 0) return [{ id: "othersIstio", severity: "error", cluster, parts: parts.toSorted() }];
  if (meshExists) {
    const webhook = await webhookWithoutIstiod(observed);
    return webhook === undefined
      ? [{ id: "ownIstio", severity: "ok", cluster }]
      : [{ id: "istiodMissing", severity: "warning", cluster, webhook }];
  }
  const resources = mesh.istio.keepCrds ? [] : await othersResources(observed);
  return resources.length > 0
    ? [{ id: "othersResources", severity: "error", cluster, resources }]
    : [{ id: "noIstio", severity: "ok", cluster }];
};

/**
 * Parts of another control plane, as `Kind namespace/name`. If our mesh does not exist, all parts belong to others,
 * except webhooks of our releases without a control plane: Helm takes those over.
 */
async function partsOf(observed: ObservedCluster, meshExists: boolean): Promise<string[]> {
  const parts = (kind: string, path: string, selection: Selection, isLeft: boolean) =>
    namesOf(observed, kind, path, selection, (part) => !(isLeft && isOurs(part as KubernetesObject)));
  const found = await Promise.all([
    parts("Deployment", "/apis/apps/v1/deployments", { labels: ISTIOD_PARTS }, meshExists),
    // Helm's own Secrets have no mark of this program.
    meshExists ? [] : parts("Secret", "/api/v1/secrets", { labels: `owner=helm,name in (${RELEASES})` }, false),
  ]);
  const planes = found.flat();
  const isLeft = meshExists || planes.length === 0;
  const webhooks = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"].map((kind) =>
    parts(kind, `${WEBHOOKS}/${kind.toLowerCase()}s`, { labels: ISTIOD_PARTS }, isLeft),
  );
  return [...planes, ...(await Promise.all(webhooks)).flat()];
}

/** Our webhook that validates Istio's resources, if its istiod does not exist. The API server then refuses them. */
async function webhookWithoutIstiod({ list }: ObservedCluster): Promise<string | undefined> {
  const ours = async (path: string, labels: string) =>
    (await list<Part>(`${path}?${queryOf({ labels })}`, METADATA)).filter((part) => isOurs(part as KubernetesObject));
  const [istiods, [webhook]] = await Promise.all([
    ours("/apis/apps/v1/deployments", ISTIOD_PARTS),
    ours(`${WEBHOOKS}/validatingwebhookconfigurations`, ISTIOD_PARTS),
  ]);
  return istiods.length === 0 ? webhook?.metadata.name : undefined;
}

/** Objects that a removed Istio left in `istio-system`. */
async function leftPartsOf(observed: ObservedCluster): Promise<string[]> {
  const found = LEFT_PARTS.map(({ apiVersion, kind, selection }) => {
    const group = apiVersion === "v1" ? "api" : "apis";
    const path = `/${group}/${apiVersion}/namespaces/${SYSTEM_NAMESPACE}/${kind.toLowerCase()}s`;
    return namesOf(observed, kind, path, selection);
  });
  return (await Promise.all(found)).flat();
}

async function namesOf(
  { list }: ObservedCluster,
  kind: string,
  path: string,
  selection: Selection,
  isSelected: (part: Part) => boolean = () => true,
): Promise<string[]> {
  const parts = await list<Part>(`${path}?${queryOf(selection)}`, METADATA);
  return parts.filter(isSelected).map((part) => `${kind} ${nameOf(part)}`);
}

/** Custom resources of Istio's kinds, which our istiod would apply. */
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

/** Path of a kind's list. EnvoyFilter and ProxyConfig are not served in their group's preferred version. */
async function pathOf({ read }: ObservedCluster, group: string, plural: string): Promise<string | undefined> {
  const known = await read<{ versions: readonly { groupVersion: string }[] }>(`/apis/${group}`);
  for (const { groupVersion } of known?.versions ?? []) {
    const served = await read<{ resources: readonly { name: string }[] }>(`/apis/${groupVersion}`);
    if (served?.resources.some(({ name }) => name === plural)) return `/apis/${groupVersion}/${plural}`;
  }
  return undefined;
}

const nameOf = ({ metadata: { name, namespace } }: Part) => (namespace ? `${namespace}/${name}` : name);
