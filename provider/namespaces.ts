// The namespaces that the program works in: its own to make and to delete, or somebody's who lends one.
import type { Objects } from "../kube/objects.ts";
import { OWNER } from "../mesh/claim.ts";
import { foundMark, MADE, wasFound, wasMade } from "../mesh/ownership.ts";

interface Preparation {
  /** Labels of a namespace that has to be made. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Label that is changed on one that was there: its former value is kept. */
  readonly changed?: string;
  /** Stack that works in it, said on it. @default nothing is said */
  readonly owner?: string;
}

export const readNamespace = (objects: Objects, name: string) => objects.read("v1", "Namespace", name);

/** Makes it, or says on it that it was there before. Either mark is what allows the program to undo anything in it. */
export async function prepareNamespace(
  objects: Objects,
  name: string,
  { labels = {}, changed, owner }: Preparation,
): Promise<void> {
  const owned = owner === undefined ? {} : { [OWNER]: owner };
  let namespace = await readNamespace(objects, name);
  if (namespace?.metadata.deletionTimestamp !== undefined) {
    // A destroy that was killed, or somebody, deleted it: nothing can be made in it until it is gone.
    await objects.remove([namespace]);
    namespace = undefined;
  }
  if (namespace === undefined) {
    const metadata = { name, labels, annotations: { [MADE]: "true", ...owned } };
    return objects.create({ apiVersion: "v1", kind: "Namespace", metadata });
  }
  if (wasMade(namespace) || wasFound(namespace)) {
    // Its mesh may have been another stack's.
    if (owner !== undefined && namespace.metadata.annotations?.[OWNER] !== owner)
      await objects.patchMetadata(namespace, { annotations: owned });
    return;
  }
  // The label itself is set by a resource, which shows its drift.
  const former = Object.entries(namespace.metadata.labels ?? {}).filter(([key]) => key === changed);
  const change = { labels: Object.fromEntries(former), annotations: owned };
  await objects.patchMetadata(namespace, foundMark(namespace.metadata, change));
}
