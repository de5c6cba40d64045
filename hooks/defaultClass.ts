// Which StorageClasses a cluster takes for its default. Kubernetes allows several, and then takes the one made last.
import type { KubernetesObject } from "@kubernetes/client-node";
import { apiServer, messageOf } from "../net/apiServer.ts";
import { patiently } from "../net/patiently.ts";
import { isOurs } from "./ownership.ts";

export const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";
/** Kubernetes still obeys it, too (kubernetes/kubernetes, pkg/volume/util/storageclass.go). */
const BETA = "storageclass.beta.kubernetes.io/is-default-class";

export const isDefault = ({ metadata }: KubernetesObject): boolean =>
  [IS_DEFAULT, BETA].some((key) => metadata?.annotations?.[key] === "true");

/** Names of the default StorageClasses that this program did not make. */
export async function othersDefaults(kubeconfig: string, context: string): Promise<string[]> {
  const { get } = await apiServer(kubeconfig, context);
  const { status, body } = await patiently(() => get("/apis/storage.k8s.io/v1/storageclasses", { metadata: "list" }));
  if (status !== 200) throw new Error(`StorageClasses cannot be listed: ${messageOf(body) ?? `HTTP ${status}`}`);
  return othersDefaultsOf((body as { items: KubernetesObject[] | null }).items);
}

/** @param classes all of a cluster; null where it has none, as the API server lists metadata alone */
export function othersDefaultsOf(classes: readonly KubernetesObject[] | null): string[] {
  return (classes ?? [])
    .filter((found) => isDefault(found) && !isOurs(found))
    .map(({ metadata }) => metadata?.name ?? "")
    .toSorted();
}
