import { wasFound, withoutMark } from "../mesh/ownership.ts";
import type { Named, Objects } from "./objects.ts";

/** Restores the former labels and annotations of those objects that existed before the mesh. */
export async function giveBack(objects: Objects, candidates: readonly Named[]): Promise<void> {
  await Promise.all(candidates.filter(wasFound).map((object) => objects.patchMetadata(object, withoutMark(object))));
}
