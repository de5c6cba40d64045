// A program of one's own that imports the package as npm would have it: compiled, under node_modules, where Node strips no types.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "./root.ts";

/** Builds the package as `npm run build` does. @returns a new folder with the example's program */
export async function makeConsumer(): Promise<string> {
  const consumer = mkdtempSync(join(tmpdir(), "csp-mesh-consumer-"));
  const packed = join(consumer, "node_modules", "csp-mesh");
  mkdirSync(packed, { recursive: true });
  cpSync(join(ROOT, "package.json"), join(packed, "package.json"));
  const { scripts, dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const build = scripts.build
    .replace("tsconfig.build.json", "tsconfig.build.json --outDir $DIST")
    .replace(" dist/", " $DIST/");
  await execa("sh", ["-c", build], { cwd: ROOT, preferLocal: true, env: { DIST: join(packed, "dist") } });
  // Each by itself: what the package does not name is not there.
  for (const name of [...Object.keys(dependencies), "@types/node", "undici-types"]) {
    const link = join(consumer, "node_modules", name);
    mkdirSync(join(link, ".."), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link);
  }
  cpSync(join(ROOT, "examples", "three-clusters"), consumer, { recursive: true });
  return consumer;
}
