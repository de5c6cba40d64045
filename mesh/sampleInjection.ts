/** Namespace label. Its value `enabled` gives every new pod a sidecar. */
export const INJECTION = "istio-injection";
export const REVISION = "istio.io/rev";

/**
 * The namespace's label, as `key=value`, that prevents injection by this mesh. The sample's pods request injection
 * themselves, but such labels override this (istio/istio, the webhook's selectors).
 */
export function otherInjection(labels: Readonly<Record<string, string>>): string | undefined {
  const injection = labels[INJECTION];
  const revision = injection === undefined ? labels[REVISION] : undefined;
  if ((injection ?? "enabled") === "enabled" && (revision ?? "default") === "default") return undefined;
  return revision === undefined ? `${INJECTION}=${injection}` : `${REVISION}=${revision}`;
}
