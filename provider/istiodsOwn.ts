// What istiod makes of its own accord, and leaves behind.
import type { Named, Objects } from "../kube/objects.ts";
import { ISTIODS_CONFIG_MAPS } from "../mesh/byproducts.ts";
import { foundMark, wasFound } from "../mesh/ownership.ts";

const GATEWAY_API = "gateway.networking.k8s.io/v1";

/**
 * Classes that istiod makes: istio, istio-remote, istio-waypoint and more with each version. Others' may name its controller, too.
 *
 * @param controller of the class
 */
export function isIstiods(name: string, controller = ""): boolean {
  return /^istio(-|$)/.test(name) && controller.startsWith("istio.io/");
}

/** Made wherever the Gateway API is (istio/istio, pilot/pkg/config/kube/gateway/gatewayclass.go). */
export async function gatewayClasses(objects: Objects): Promise<Named[]> {
  const all = (await objects.list(GATEWAY_API, "GatewayClass")) as (Named & { spec: { controllerName: string } })[];
  return all.filter(({ metadata, spec }) => isIstiods(metadata.name, spec.controllerName));
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
