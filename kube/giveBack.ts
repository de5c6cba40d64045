import { wasFound, withoutMark } from "../mesh/ownership.ts";
import type { Named, Objects } from "./objects.ts";

/** Leaves those of these objects that were there before as they were. */
export async function giveBack(objects: Objects, candidates: readonly Named[]): Promise<void> {
  await Promise.all(candidates.filter(wasFound).map((object) => objects.patchMetadata(object, withoutMark(object))));
}
