import type { Autoscaling } from "../mesh/gatewayOptions.ts";
import { problem } from "./problems.ts";

/** An autoscaler's settings with their path in the stack file. */
export interface PlacedBounds {
  readonly path: readonly PropertyKey[];
  readonly settings: { readonly [Bound in keyof Autoscaling]?: number | undefined } | undefined;
}

/**
 * Merges autoscaler settings; later places override earlier ones.
 * @param problems gets a line if they contradict each other
 */
export function bounds(defaults: Autoscaling, places: readonly PlacedBounds[], problems: string[]): Autoscaling {
  const merged: Autoscaling = Object.assign({}, defaults, ...places.map(({ settings }) => settings));
  const last = places.findLast(({ settings }) => settings?.min !== undefined || settings?.max !== undefined);
  if (merged.min > merged.max) {
    problems.push(
      problem(last?.path ?? [], `min ${merged.min} is more than max ${merged.max}; raise max or lower min`),
    );
  }
  return merged;
}
