// What people made of the Gateway API's definitions that this program installed, and what would go with these.
import {
  ApiextensionsV1Api,
  type V1CustomResourceDefinition as Crd,
  CustomObjectsApi,
  type KubeConfig,
} from "@kubernetes/client-node";
import { until } from "../checks/until.ts";
import { GROUP, INSTALLED, isOurs } from "./gatewayApiManifest.ts";
import { listed } from "./istioCrds.ts";

/** What this program installed: `ours`, and what others have put another release over since. */
export async function installedCrds(cluster: KubeConfig): Promise<Record<"ours" | "taken", Crd[]>> {
  const api = cluster.makeApiClient(ApiextensionsV1Api);
  const { items } = await api.listCustomResourceDefinition({ labelSelector: INSTALLED });
  return { ours: items.filter(isOurs), taken: items.filter((crd) => !isOurs(crd)) };
}

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly spec?: { readonly controllerName?: string };
  }[];
}

/** Objects of these definitions that are not istiod's own, as `HTTPRoute shop/front`. */
export async function othersUnder(cluster: KubeConfig, crds: readonly Crd[]): Promise<string[]> {
  return (await Promise.all(crds.map((crd) => foreignObjects(cluster, crd)))).flat();
}

async function foreignObjects(cluster: KubeConfig, { spec }: Crd): Promise<string[]> {
  const { kind, plural } = spec.names;
  const version = spec.versions.find(({ served }) => served)?.name ?? "";
  const objects = cluster.makeApiClient(CustomObjectsApi);
  // For a moment after it is established the API server still prepares its storage, and says so by an error.
  const list = await until<Listed>(
    () => objects.listClusterCustomObject({ group: GROUP, version, plural }),
    () => true,
    { deadline: 20_000 },
  );
  return list.items
    .filter(({ metadata, spec: own }) => !(kind === "GatewayClass" && isIstiods(metadata.name, own?.controllerName)))
    .map(({ metadata: { namespace, name } }) => `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`);
}

/** Classes that istiod makes: istio, istio-remote, istio-waypoint and more with each version. */
function isIstiods(name: string, controller = ""): boolean {
  return /^istio(-|$)/.test(name) && controller.startsWith("istio.io/");
}

/** Why these definitions stay, and how to go on. */
export function gatewayApiRefusal(cluster: KubeConfig, ours: readonly Crd[], others: readonly string[]): string {
  const names = ours.map(({ metadata }) => metadata?.name).join(" ");
  return (
    `these objects are not this program's, and they would go with the Gateway API's definitions, which are:${listed(others)}\n` +
    'Delete them, or keep them and the definitions, then run "pulumi destroy" again. To keep them:\n' +
    `  kubectl --context '${cluster.getCurrentContext()}' label crd ${names} ${INSTALLED}-`
  );
}
