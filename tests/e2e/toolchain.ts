// Obtains the lab's tools once, before two labs would do so at the same time.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureImageStore } from "../../lab/imageStore.ts";
import { ensureToolchain, versions } from "../../lab/toolchain/index.ts";
import { completePath } from "../../lab/toolchain/onPath.ts";

export default async function setup(): Promise<void> {
  completePath();
  const dir = mkdtempSync(join(tmpdir(), "csp-mesh-toolchain-"));
  const tools = await ensureToolchain(dir, { kubernetes: [versions.kubernetes], istio: [] });
  await ensureImageStore(tools);
  rmSync(dir, { recursive: true });
}
