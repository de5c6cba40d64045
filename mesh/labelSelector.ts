// Label selectors in Helm values.

interface Requirement {
  readonly key?: unknown;
  readonly operator?: unknown;
  readonly values?: unknown;
}

/**
 * Namespaces that no selector of `meshConfig.discoverySelectors` selects reliably: by the name label that Kubernetes
 * sets on each namespace. All of them if `selectors` is no list of selectors.
 */
export function unselectedNamespaces(selectors: unknown, namespaces: readonly string[]): string[] {
  if (!Array.isArray(selectors)) return [...namespaces];
  // Without selectors, istiod sees all namespaces.
  if (selectors.length === 0) return [];
  return namespaces.filter(
    (name) => !selectors.some((selector) => selects(selector, { "kubernetes.io/metadata.name": name })),
  );
}

/** Whether a selector selects an object with these labels. False if it is no selector. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  if (typeof selector !== "object" || selector === null) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector as { matchLabels?: object; matchExpressions?: unknown };
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    Array.isArray(matchExpressions) &&
    matchExpressions.every((expression: Requirement | null) => meets(expression ?? {}, labels))
  );
}

function meets({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[`${key}`];
  const isListed = Array.isArray(values) && values.includes(value);
  switch (operator) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
