// A program of one's own that imports the package as npm would have it: compiled, under node_modules, where Node strips no types.
import { cpSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const ROOT = join(import.meta.dirname, "..");

/** Compiles the package. @returns a new folder with the example's program */
export async function makeConsumer(): Promise<string> {
  const consumer = mkdtempSync(join(tmpdir(), "csp-mesh-consumer-"));
  const packed = join(consumer, "node_modules", "csp-mesh");
  mkdirSync(packed, { recursive: true });
  await execa("tsc", ["-p", "tsconfig.build.json", "--outDir", join(packed, "dist")], { cwd: ROOT, preferLocal: true });
  cpSync(join(ROOT, "package.json"), join(packed, "package.json"));
  for (const name of ["@kubernetes", "@pulumi", "@types", "js-yaml", "yaml"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(consumer, "node_modules", name));
  }
  cpSync(join(ROOT, "examples", "three-clusters"), consumer, { recursive: true });
  return consumer;
}
