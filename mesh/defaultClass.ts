// Whether a StorageClass is a default. Kubernetes allows several defaults, and then uses the newest.
import type { KubernetesObject } from "@kubernetes/client-node";

export const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";
/** Kubernetes still honours this annotation as well (kubernetes/kubernetes, pkg/volume/util/storageclass.go). */
const BETA = "storageclass.beta.kubernetes.io/is-default-class";

export const isDefault = ({ metadata }: KubernetesObject): boolean =>
  [IS_DEFAULT, BETA].some((key) => metadata?.annotations?.[key] === "true");
