// A proof scales a Deployment to zero for a moment. An HPA leaves zero alone. Therefore the proof writes a mark
// together with the replicas, which tells a killed proof's zero from a person's.
import type { V1Deployment } from "@kubernetes/client-node";
import { SCALED_TO_NONE } from "../mesh/ownership.ts";
import type { Objects } from "./objects.ts";

/** Preview text for a Deployment that a killed proof left at zero. */
export const scaledBackWords = (namespace: string, name: string) =>
  `${namespace}/${name} was scaled to 0 by a killed proof: scaled back`;

/** Merge patch that scales a Deployment to zero and records its former replicas. */
export const toNone = (replicas: number) => ({
  metadata: { annotations: { [SCALED_TO_NONE]: String(replicas) } },
  spec: { replicas: 0 },
});

/** Merge patch that undoes {@link toNone}. Without `replicas`, it only removes the mark. */
export const backFromNone = (replicas?: number) => ({
  metadata: { annotations: { [SCALED_TO_NONE]: null } },
  ...(replicas !== undefined && { spec: { replicas } }),
});

/** The former replicas in a Deployment's mark, even if the Deployment has been scaled up since. */
export function formerReplicas({ metadata }: V1Deployment): number | undefined {
  const replicas = Number(metadata?.annotations?.[SCALED_TO_NONE]);
  return Number.isInteger(replicas) && replicas > 0 ? replicas : undefined;
}

/**
 * The former replicas of a Deployment that a proof left at zero; undefined for any other, such as one that a person
 * scaled to zero.
 */
export function scaledToNone(deployment: V1Deployment): number | undefined {
  return deployment.spec?.replicas === 0 ? formerReplicas(deployment) : undefined;
}

/**
 * Restores the replicas of a Deployment that a proof left at zero. If it has been scaled up since, only the mark is
 * removed, because a later zero is a person's decision.
 * @returns the restored replicas; undefined if nothing was restored
 */
export async function restoreScaled(
  objects: Pick<Objects, "read" | "merge">,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<number | undefined> {
  const deployment = await objects.read<V1Deployment>("apps/v1", "Deployment", name, namespace);
  if (deployment === undefined || formerReplicas(deployment) === undefined) return undefined;
  const replicas = scaledToNone(deployment);
  await objects.merge(deployment, backFromNone(replicas));
  return replicas;
}
