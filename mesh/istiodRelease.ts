// All values of the release `istiod`.
import { flattened } from "./chartValues.ts";
import { type IstiodSettings, istiodValues } from "./istiodValues.ts";
import { type Placement, withPlacement } from "./podParts.ts";
import { mergeValues, type Values } from "./values.ts";

/**
 * The program's own values, those of the config, and what istiod's pods have unless the config's values say otherwise.
 *
 * @throws Error that names every key where `more` contradicts the program's own
 */
export function istiodReleaseValues(settings: IstiodSettings, pods: Placement, more: Values): Values {
  const given = flattened(more);
  // Without the profile, Pod Security's level "restricted" refuses istiod's pods.
  const wanted = { seccompProfile: { type: "RuntimeDefault" }, ...withPlacement(pods) };
  const open = Object.entries(wanted).filter(([key]) => given[key] === undefined);
  return mergeValues(mergeValues(istiodValues(settings), more), { pilot: Object.fromEntries(open) });
}
