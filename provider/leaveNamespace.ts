// Deletes a namespace that the program created if it only contains objects of the program.

import { foreignIn, type NamespaceContents } from "../kube/namespaceContents.ts";
import { type Named, nameOf } from "../kube/objects.ts";
import { OWNER } from "../mesh/claim.ts";
import { isOurs, MADE } from "../mesh/ownership.ts";
import { listed } from "./istioCrds.ts";
import type { Step } from "./kind.ts";

/** @param labels our labels, which are removed if the namespace stays */
export async function leaveNamespace(step: Step<unknown>, namespace: Named, labels: readonly string[]): Promise<void> {
  const { cluster, warn } = step;
  const { objects } = cluster;
  const staying = stayingIn(await contentsOf(step, namespace.metadata.name));
  if (staying === undefined) return objects.remove([namespace]);
  const taken = Object.fromEntries(labels.map((label) => [label, null]));
  await objects.patchMetadata(namespace, { labels: taken, annotations: { [MADE]: null, [OWNER]: null } });
  warn(`${cluster.name}: namespace "${namespace.metadata.name}" stays, because ${staying}`);
}

export function contentsOf({ cluster, signal }: Step<unknown>, namespace: string): Promise<NamespaceContents> {
  return foreignIn(cluster, namespace, isOurs, { signal });
}

/** Why a namespace stays, with a list of its objects; undefined if it may be deleted. */
export function stayingIn({ foreign, unreadable }: NamespaceContents): string | undefined {
  const reasons = [
    ...(foreign.length === 0 ? [] : [`these objects in it are not this program's:${listed(foreign.map(nameOf))}`]),
    ...(unreadable.length === 0
      ? []
      : [
          `the program cannot see whether it has objects of others:${listed(unreadable.map(({ what, why }) => `${what}: ${why}`))}`,
        ]),
  ];
  return reasons.length === 0
    ? undefined
    : reasons.map((reason, index) => (index === 0 ? reason : `In addition, ${reason}`)).join("\n");
}
