// The lab of one file of end-to-end tests, beside the one that people use. Two files run side by side, since both wait more than they work.
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../../lab/wait.ts";
import { markOf, slots } from "./slots.ts";

export const ROOT = join(import.meta.dirname, "..", "..");
export const slot = await takeSlot();
export const options = { slot, clusters: 2, dir: join(ROOT, `.lab-${slot}`) };

/** A lab's number that no other test has; the process of the file before may still be ending. */
async function takeSlot(): Promise<number> {
  let taken: number | undefined;
  await waitFor("a free lab for this file", 120_000, async () => {
    taken = slots.find(take);
    return taken !== undefined || `labs ${slots.join(", ")} are those of other tests`;
  });
  return taken as number;
}

function take(slot: number): boolean {
  const mark = markOf(slot);
  if (existsSync(mark) && !existsSync(`/proc/${readFileSync(mark, "utf8")}`)) rmSync(mark, { force: true });
  try {
    writeFileSync(openSync(mark, "wx"), String(process.pid));
  } catch {
    return false;
  }
  process.once("exit", () => rmSync(mark, { force: true }));
  return true;
}
