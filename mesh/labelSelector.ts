// Finds the namespaces that `meshConfig.discoverySelectors` select reliably: by the name label that Kubernetes sets on
// each namespace.

interface Requirement {
  readonly key?: unknown;
  readonly operator?: unknown;
  readonly values?: unknown;
}

/** Namespaces that no selector selects by their name alone; all of them if `selectors` is no list of selectors. */
export function missedBy(selectors: unknown, namespaces: readonly string[]): string[] {
  if (!Array.isArray(selectors)) return [...namespaces];
  // Without selectors, istiod sees all namespaces.
  if (selectors.length === 0) return [];
  return namespaces.filter((name) => !selectors.some((selector) => takes(selector, name)));
}

function takes(selector: unknown, namespace: string): boolean {
  if (typeof selector !== "object" || selector === null) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector as { matchLabels?: object; matchExpressions?: unknown };
  const labels: Readonly<Record<string, string>> = { "kubernetes.io/metadata.name": namespace };
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
