/** Label of a namespace, whose value `enabled` gives every new pod a sidecar. */
export const INJECTION = "istio-injection";
export const REVISION = "istio.io/rev";

/**
 * The label, as `key=value`, that keeps this mesh's sidecars out of a namespace: its pods ask for one themselves, which such
 * labels overrule (istio/istio, the webhook's selectors).
 */
export function otherInjection(labels: Readonly<Record<string, string>>): string | undefined {
  const injection = labels[INJECTION];
  const revision = injection === undefined ? labels[REVISION] : undefined;
  if ((injection ?? "enabled") === "enabled" && (revision ?? "default") === "default") return undefined;
  return revision === undefined ? `${INJECTION}=${injection}` : `${REVISION}=${revision}`;
}
