// A proof scales a Deployment to none for a moment, and an HPA leaves it there. The mark goes with the replicas in one write, so that
// what a killed proof left at none is told from what a person scaled to none.
import type { V1Deployment } from "@kubernetes/client-node";
import { SCALED_TO_NONE } from "../mesh/ownership.ts";
import type { Objects } from "./objects.ts";

/** What a preview says of a Deployment that a killed proof left at none. */
export const scaledBackWords = (namespace: string, name: string) =>
  `${namespace}/${name} is scaled to none by a proof that was killed: scaled back`;

/** Merge patch that scales a Deployment to none and marks it with its former replicas. */
export const toNone = (replicas: number) => ({
  metadata: { annotations: { [SCALED_TO_NONE]: String(replicas) } },
  spec: { replicas: 0 },
});

/** Merge patch that undoes {@link toNone}; without replicas it removes the mark alone. */
export const backFromNone = (replicas?: number) => ({
  metadata: { annotations: { [SCALED_TO_NONE]: null } },
  ...(replicas !== undefined && { spec: { replicas } }),
});

/** The former replicas in a Deployment's mark, also where the Deployment has been scaled up since. */
export function formerReplicas({ metadata }: V1Deployment): number | undefined {
  const replicas = Number(metadata?.annotations?.[SCALED_TO_NONE]);
  return Number.isInteger(replicas) && replicas > 0 ? replicas : undefined;
}

/** The former replicas of a Deployment that a proof left at none; undefined for any other, also one that a person scaled to none. */
export function scaledToNone(deployment: V1Deployment): number | undefined {
  return deployment.spec?.replicas === 0 ? formerReplicas(deployment) : undefined;
}

/**
 * Puts back the replicas of a Deployment that a proof left at none. Of one that has been scaled up since, it removes the mark:
 * a later 0 is a person's decision.
 * @returns the replicas that were put back; undefined where there was nothing to put back.
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
