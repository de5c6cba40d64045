// Namespaces in which the program works: its own, which it creates and deletes, or existing ones of others.
import type { Objects } from "../kube/objects.ts";
import { OWNER } from "../mesh/claim.ts";
import { foundMark, MADE, wasFound, wasMade } from "../mesh/ownership.ts";

interface Preparation {
  /** Labels of a namespace that the program creates. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Label that the program changes on an existing namespace; its former value is kept. */
  readonly changed?: string;
  /** Stack that uses the namespace, written in an annotation. @default no annotation */
  readonly owner?: string;
}

export const readNamespace = (objects: Objects, name: string) => objects.read("v1", "Namespace", name);

/**
 * Creates the namespace, or marks it as one that existed before. The program may undo its changes only in a namespace
 * with one of these marks.
 */
export async function prepareNamespace(
  objects: Objects,
  name: string,
  { labels = {}, changed, owner }: Preparation,
): Promise<void> {
  const owned = owner === undefined ? {} : { [OWNER]: owner };
  let namespace = await readNamespace(objects, name);
  if (namespace?.metadata.deletionTimestamp !== undefined) {
    // The namespace is being deleted, by a killed destroy or by hand. Nothing can be created in it until it is gone.
    await objects.remove([namespace]);
    namespace = undefined;
  }
  if (namespace === undefined) {
    const metadata = { name, labels, annotations: { [MADE]: "true", ...owned } };
    return objects.create({ apiVersion: "v1", kind: "Namespace", metadata });
  }
  if (wasMade(namespace) || wasFound(namespace)) {
    // The namespace may have belonged to another stack's mesh.
    if (owner !== undefined && namespace.metadata.annotations?.[OWNER] !== owner)
      await objects.patchMetadata(namespace, { annotations: owned });
    return;
  }
  // The label itself is set by another resource, which reports its drift.
  const former = Object.entries(namespace.metadata.labels ?? {}).filter(([key]) => key === changed);
  const change = { labels: Object.fromEntries(former), annotations: owned };
  await objects.patchMetadata(namespace, foundMark(namespace.metadata, change));
}
