// A consumer's program that imports the package as npm installs it: compiled to JavaScript, because Node does not strip
// types below node_modules.
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
  // Link each dependency on its own, so that a package which package.json does not name cannot be imported.
  for (const name of [...Object.keys(dependencies), "@types/node", "undici-types"]) {
    const link = join(consumer, "node_modules", name);
    mkdirSync(join(link, ".."), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link);
  }
  cpSync(join(ROOT, "examples", "three-clusters"), consumer, { recursive: true });
  return consumer;
}
