/** One permission, as in a SelfSubjectAccessReview. */
export interface Right {
  readonly verb: string;
  /** API group; empty for the core group, `*` for all groups. */
  readonly group: string;
  /** Plural name; `*` for all resources of the group. */
  readonly resource: string;
  readonly subresource?: string;
  /** @default all namespaces, or none for a cluster-scoped resource */
  readonly namespace?: string;
  /** @default all names */
  readonly name?: string;
}

/**
 * All combinations of verbs and resources.
 *
 * @param verbs separated by spaces
 * @param resources separated by spaces, with subresources after a slash: `pods pods/exec`
 */
export function rights(
  verbs: string,
  group: string,
  resources: string,
  where: Pick<Right, "namespace" | "name"> = {},
): Right[] {
  return resources.split(" ").flatMap((path) => {
    const [resource = "", subresource] = path.split("/");
    return verbs
      .split(" ")
      .map((verb) => ({ verb, group, resource, ...(subresource !== undefined && { subresource }), ...where }));
  });
}

const covers = (wide: Right, narrow: Right) =>
  wide.verb === narrow.verb &&
  wide.group === narrow.group &&
  wide.subresource === narrow.subresource &&
  (wide.resource === "*" || wide.resource === narrow.resource) &&
  (wide.namespace === undefined || wide.namespace === narrow.namespace) &&
  (wide.name === undefined || wide.name === narrow.name);

/** Removes rights that another one in the list includes. */
export function distinct(all: readonly Right[]): Right[] {
  return all.filter((right, position) =>
    all.every(
      (other, place) => place === position || !covers(other, right) || (covers(right, other) && position < place),
    ),
  );
}

/** Verbs for an object that Pulumi or Helm manages: both read before they write, and watch deletions. */
export const KEEP = "get create patch delete list watch";
