/** One thing that an account may do, as a SelfSubjectAccessReview asks for it. */
export interface Right {
  readonly verb: string;
  /** API group; empty for the core, `*` for all. */
  readonly group: string;
  /** In the plural; `*` for all of the group. */
  readonly resource: string;
  readonly subresource?: string;
  /** @default all, or the resource has none */
  readonly namespace?: string;
  /** @default all */
  readonly name?: string;
}

/**
 * Every verb on every resource.
 *
 * @param verbs with spaces between
 * @param resources with spaces between; a subresource behind a slash: `pods pods/exec`
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

/** Without those that another one holds. */
export function distinct(all: readonly Right[]): Right[] {
  return all.filter((right, position) =>
    all.every(
      (other, place) => place === position || !covers(other, right) || (covers(right, other) && position < place),
    ),
  );
}

/** What keeping an object takes: the Kubernetes provider and Helm read before they write, and watch what they delete. */
export const KEEP = "get create patch delete list watch";
