import { Document, isMap, visit } from "yaml";
import type { Right } from "./rights.ts";

export const CLUSTER_ROLE = "csp-mesh";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * A ClusterRole that grants all of these rights. It does not restrict namespaces: the program creates some of them, and
 * a Role cannot be created before its namespace.
 *
 * @param comment lines for the top of the file
 */
export function clusterRole(needed: readonly Right[], comment: readonly string[]): string {
  const role = new Document({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: CLUSTER_ROLE },
    rules: rulesOf(needed),
  });
  // Write lists of strings on one line.
  visit(role, {
    Seq: (_, list) => {
      list.flow = !list.items.some((item) => isMap(item));
    },
  });
  const text = role.toString({ lineWidth: 0, flowCollectionPadding: false });
  return `${comment.map((line) => `# ${line}\n`).join("")}${text}`;
}

/** Merges rights into rules: resources of one group with the same names and verbs share a rule. */
export function rulesOf(needed: readonly Right[]): Rule[] {
  const verbs = grouped(needed, ({ group, resource, subresource, name }) => [
    group,
    subresource === undefined ? resource : `${resource}/${subresource}`,
    name ?? "",
  ]);
  const byResource = verbs.map(({ key: [group = "", resource = "", name = ""], members }) => ({
    group,
    resource,
    name,
    verbs: unique(members.map(({ verb }) => verb)),
  }));
  const named = grouped(byResource, ({ group, resource, name, verbs }) => [group, resource, name && "named", ...verbs]);
  const byNames = named.map(({ members: [first, ...more] }) => {
    const { group, resource, verbs, name } = first;
    return { group, resource, verbs, names: name ? [name, ...more.map((other) => other.name)] : [] };
  });
  return grouped(byNames, ({ group, names, verbs }) => [group, ...names, "", ...verbs]).map(({ members }) => {
    const [{ group, names, verbs }] = members;
    return {
      apiGroups: [group],
      resources: members.map(({ resource }) => resource),
      ...(names.length > 0 && { resourceNames: names }),
      verbs,
    };
  });
}

type Some<T> = readonly [T, ...T[]];

/** Groups are sorted by their first member. */
function grouped<T>(all: readonly T[], keyOf: (one: T) => string[]): { key: string[]; members: Some<T> }[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const key = JSON.stringify(keyOf(one));
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups].map(([key, members]) => ({ key: JSON.parse(key), members }));
}

const unique = (values: readonly string[]) => [...new Set(values)].toSorted();
