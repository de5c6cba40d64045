import type { ClusterSettings, MeshSettings } from "./settings.ts";

/** What of a config decides which rights one of its clusters asks for. */
export interface RightsSettings {
  readonly sample: false | { readonly namespace: string };
}

export function rightsSettings(
  { sample }: MeshSettings,
  _cluster: ClusterSettings,
  _options: { readonly probe: boolean },
): RightsSettings {
  return { sample: sample.enabled && { namespace: sample.namespace } };
}
