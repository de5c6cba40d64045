import { wasFound, withoutMark } from "../mesh/ownership.ts";
import type { Named, Objects } from "./objects.ts";
import { onEach } from "./onEach.ts";

/** Leaves those of these objects that were there before as they were. @throws Error that names all whose mark is damaged, after the others */
export async function giveBack(objects: Objects, candidates: readonly Named[]): Promise<void> {
  await onEach(candidates.filter(wasFound), (object) => objects.patchMetadata(object, withoutMark(object)));
}
