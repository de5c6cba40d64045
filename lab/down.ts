// Removes the lab in whatever state it is. Does not rely on anything that a crash may have destroyed.
import { rm } from "node:fs/promises";
import { removeCgroup } from "./cgroup.ts";
import { removeHostNetwork } from "./hostNetwork.ts";
import { restoreHost } from "./hostState.ts";
import { giveUpOwnership, ownerOf } from "./ownership.ts";
import type { LabSpec } from "./spec.ts";
import { completePath } from "./toolchain/onPath.ts";

/**
 * Ends processes first, because their mounts go with them. Then removes network and files, and restores the machine's
 * settings.
 */
export async function labDown(lab: LabSpec): Promise<void> {
  completePath();
  await removeCgroup(lab.cgroup);
  await removeHostNetwork(lab);
  for (const dir of new Set([ownerOf(lab) ?? lab.dir, lab.dir])) {
    await rm(dir, { recursive: true, force: true });
  }
  giveUpOwnership(lab);
  await restoreHost(lab);
}
