// The lab of one file of end-to-end tests, separate from the one that people use. Two files run concurrently, because
// both mostly wait.
import { createServer } from "node:net";
import { join } from "node:path";
import { waitFor } from "../../lab/wait.ts";
import { ROOT } from "../root.ts";
import { slots } from "./slots.ts";

export const slot = await takeSlot();
export const options = { slot, clusters: 2, dir: join(ROOT, `.lab-${slot}`) };

/** A lab number that no other test uses. The process of the previous file may still be ending. */
async function takeSlot(): Promise<number> {
  let taken: number | undefined;
  await waitFor("a free lab for this file", 120_000, async () => {
    for (const slot of slots) if (taken === undefined && (await take(slot))) taken = slot;
    return taken !== undefined || `labs ${slots.join(", ")} are those of other tests`;
  });
  return taken as number;
}

/** Listens on a name that only one process can have, and that the kernel releases when the process ends. */
function take(slot: number): Promise<boolean> {
  return new Promise((taken) => {
    createServer()
      .once("error", () => taken(false))
      .listen({ path: `\0csp-mesh-${slot}.test` }, () => taken(true))
      .unref();
  });
}
