// Objects that istiod itself creates and does not delete.
import type { Named, Objects } from "../kube/objects.ts";
import { onEachInTurn } from "../kube/onEach.ts";
import { ISTIODS_CONFIG_MAPS } from "../mesh/byproducts.ts";
import { foundMark, wasFound } from "../mesh/ownership.ts";

const GATEWAY_API = "gateway.networking.k8s.io/v1";

/** Names of GatewayClasses in Istio 1.24 to 1.31 (pkg/config/constants in istio/istio). */
const CLASSES = /^istio(-(remote|waypoint|east-west|agentgateway|agentgateway-waypoint))?$/;

interface GatewayClass {
  readonly metadata: { readonly name: string; readonly managedFields?: readonly { readonly manager?: string }[] };
  readonly spec?: { readonly controllerName?: string };
}

/**
 * Whether istiod created a GatewayClass. Names depend on Istio's version, and others may create classes for Istio's
 * controllers as well, so the field manager is compared too.
 */
export function isIstiods({ metadata: { name, managedFields = [] }, spec }: GatewayClass): boolean {
  if (!spec?.controllerName?.startsWith("istio.io/")) return false;
  const isMadeByIstiod = managedFields.some(({ manager }) => manager === "pilot-discovery");
  return CLASSES.test(name) || (name.startsWith("istio-") && isMadeByIstiod);
}

/**
 * istiod creates them in every cluster with the Gateway API (istio/istio,
 * pilot/pkg/config/kube/gateway/gatewayclass.go).
 */
export async function gatewayClasses(objects: Objects): Promise<Named[]> {
  return (await objects.list(GATEWAY_API, "GatewayClass")).filter(isIstiods);
}

/** Marks GatewayClasses that existed before istiod as ones that stay. */
export async function adoptGatewayClasses(objects: Objects): Promise<void> {
  const unmarked = (await gatewayClasses(objects)).filter((gatewayClass) => !wasFound(gatewayClass));
  await onEachInTurn(unmarked, (gatewayClass) =>
    objects.patchMetadata(gatewayClass, foundMark(gatewayClass.metadata, { labels: {}, annotations: {} })),
  );
}

/**
 * Deletes istiod's objects. Call it only after istiod has stopped, because a running istiod would create them again.
 */
export async function removeIstiodsOwn(objects: Objects): Promise<void> {
  const classes = await gatewayClasses(objects);
  const configMaps = await Promise.all(
    ISTIODS_CONFIG_MAPS.map((name) => objects.list("v1", "ConfigMap", { fields: `metadata.name=${name}` })),
  );
  await objects.remove([...configMaps.flat(), ...classes.filter((gatewayClass) => !wasFound(gatewayClass))]);
}
