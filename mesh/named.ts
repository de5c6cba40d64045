import type { KubernetesObject } from "@kubernetes/client-node";

/** An object of any kind, with its name. */
export type Named = KubernetesObject & { readonly metadata: { readonly name: string; readonly namespace?: string } };
