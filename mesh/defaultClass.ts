// Which StorageClasses a cluster takes for its default. Kubernetes allows several, and then takes the one made last.
import type { KubernetesObject } from "@kubernetes/client-node";

export const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";
/** Kubernetes still obeys it, too (kubernetes/kubernetes, pkg/volume/util/storageclass.go). */
const BETA = "storageclass.beta.kubernetes.io/is-default-class";

export const isDefault = ({ metadata }: KubernetesObject): boolean =>
  [IS_DEFAULT, BETA].some((key) => metadata?.annotations?.[key] === "true");
