// The lab of the end-to-end tests: one at a time, beside the one that people use.
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");
export const slot = Number(process.env.CSP_MESH_TEST_SLOT ?? 1);
export const options = { slot, clusters: 2, dir: join(ROOT, `.lab-${slot}`) };
