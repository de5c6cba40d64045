// What istiod makes of its own accord, and leaves behind.
import type { Named, Objects } from "../kube/objects.ts";
import { ISTIODS_CONFIG_MAPS } from "../mesh/byproducts.ts";
import { foundMark, wasFound } from "../mesh/ownership.ts";

const GATEWAY_API = "gateway.networking.k8s.io/v1";

/** Names of Istio 1.24 to 1.31 (pkg/config/constants in istio/istio). */
const CLASSES = /^istio(-(remote|waypoint|east-west|agentgateway|agentgateway-waypoint))?$/;

interface GatewayClass {
  readonly metadata: { readonly name: string; readonly managedFields?: readonly { readonly manager?: string }[] };
  readonly spec?: { readonly controllerName?: string };
}

/** Whether istiod made a class, which may have other names with each version. Other people's may name its controllers, too. */
export function isIstiods({ metadata: { name, managedFields = [] }, spec }: GatewayClass): boolean {
  if (!spec?.controllerName?.startsWith("istio.io/")) return false;
  const isMadeByIstiod = managedFields.some(({ manager }) => manager === "pilot-discovery");
  return CLASSES.test(name) || (name.startsWith("istio-") && isMadeByIstiod);
}

/** Made wherever the Gateway API is (istio/istio, pilot/pkg/config/kube/gateway/gatewayclass.go). */
export async function gatewayClasses(objects: Objects): Promise<Named[]> {
  return (await objects.list(GATEWAY_API, "GatewayClass")).filter(isIstiods);
}

/** Says on GatewayClasses that were there before istiod that they stay. */
export async function adoptGatewayClasses(objects: Objects): Promise<void> {
  for (const gatewayClass of await gatewayClasses(objects)) {
    if (wasFound(gatewayClass)) continue;
    await objects.patchMetadata(gatewayClass, foundMark(gatewayClass.metadata, { labels: {}, annotations: {} }));
  }
}

/** Only when no istiod runs any more, which would make them again. */
export async function removeIstiodsOwn(objects: Objects): Promise<void> {
  const classes = await gatewayClasses(objects);
  const configMaps = await Promise.all(
    ISTIODS_CONFIG_MAPS.map((name) => objects.list("v1", "ConfigMap", { fields: `metadata.name=${name}` })),
  );
  await objects.remove([...configMaps.flat(), ...classes.filter((gatewayClass) => !wasFound(gatewayClass))]);
}
