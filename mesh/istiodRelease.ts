// All Helm values of the release `istiod`.
import { flattened } from "./chartValues.ts";
import { type IstiodSettings, istiodValues } from "./istiodValues.ts";
import { type Placement, withPlacement } from "./podParts.ts";
import { isTable, mergeValues, type Values } from "./values.ts";

/**
 * Merges the program's own values, the config's, and defaults for istiod's pods that the config's values may override.
 *
 * @throws Error that names every key in which `more` contradicts the program's own values
 */
export function istiodReleaseValues(settings: IstiodSettings, pods: Placement, more: Values): Values {
  // Only for the second istiod: the program sets its revision, and revision tags belong to the first istiod.
  const values = settings.revision === undefined ? more : withoutRevisions(more);
  const given = flattened(values);
  // Without this seccomp profile, Pod Security's level "restricted" refuses istiod's pods.
  const wanted = { seccompProfile: { type: "RuntimeDefault" }, ...withPlacement(pods) };
  const open = Object.entries(wanted).filter(([key]) => given[key] === undefined);
  return mergeValues(mergeValues(istiodValues(settings), values), { pilot: Object.fromEntries(open) });
}

function withoutRevisions({ revision: _, revisionTags: __, ...rest }: Values): Values {
  const { pilot } = rest;
  return isTable(pilot) ? { ...rest, pilot: withoutRevisions(pilot) } : rest;
}
