// All Helm values of the release `istiod`.
import { flattened } from "./chartValues.ts";
import { type IstiodSettings, istiodValues } from "./istiodValues.ts";
import { type Placement, withPlacement } from "./podParts.ts";
import { mergeValues, type Values } from "./values.ts";

/**
 * Merges the program's own values, the config's, and defaults for istiod's pods that the config's values may override.
 *
 * @throws Error that names every key in which `more` contradicts the program's own values
 */
export function istiodReleaseValues(settings: IstiodSettings, pods: Placement, more: Values): Values {
  const given = flattened(more);
  // Without this seccomp profile, Pod Security's level "restricted" refuses istiod's pods.
  const wanted = { seccompProfile: { type: "RuntimeDefault" }, ...withPlacement(pods) };
  const open = Object.entries(wanted).filter(([key]) => given[key] === undefined);
  return mergeValues(mergeValues(istiodValues(settings), more), { pilot: Object.fromEntries(open) });
}
