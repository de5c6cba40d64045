import { wasFound, withoutMark } from "../mesh/ownership.ts";
import type { Named, Objects } from "./objects.ts";
import { onEach } from "./onEach.ts";

/**
 * Restores the former state of those objects that existed before the mesh. @throws Error that names all objects with a
 * damaged mark, after the others are restored
 */
export async function giveBack(objects: Objects, candidates: readonly Named[]): Promise<void> {
  await onEach(candidates.filter(wasFound), (object) => objects.patchMetadata(object, withoutMark(object)));
}
