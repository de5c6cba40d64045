import type { KubernetesObject } from "@kubernetes/client-node";

/** An object of any kind that has a name. */
export type Named = KubernetesObject & { readonly metadata: { readonly name: string; readonly namespace?: string } };
