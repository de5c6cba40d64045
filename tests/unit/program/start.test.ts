import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const { options } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")).runtime;

test("Node starts the program with what it compiled before", async () => {
  const { stdout } = await execa(
    "node",
    [...options.nodeargs.split(" "), "--print", "require('node:module').getCompileCacheDir()"],
    { cwd: ROOT },
  );
  expect(stdout).toContain(join(ROOT, "node_modules", ".cache", "csp-mesh"));
});

test("no source map is looked up for what is noted of each promise", async () => {
  const program = `
    await import("source-map-support/register.js");
    await import("./config/quietRuntime.ts");
    console.log(Error.prepareStackTrace);`;
  const { stdout } = await execa("node", ["--input-type=module", "--eval", program], { cwd: ROOT });
  expect(stdout).toBe("undefined");
  expect(readFileSync(join(ROOT, "index.ts"), "utf8")).toMatch(/^import ".\/config\/quietRuntime.ts";\n/);
});

test("the engine is told no debug messages, which hold keys", async () => {
  const program = `
    import { log } from "@pulumi/pulumi";
    import settings from "@pulumi/pulumi/runtime/settings.js";
    await import("./config/quietRuntime.ts");
    settings.getEngine = () => ({ log: (request, done) => { console.log(request.getMessage()); done(null, {}); } });
    await log.debug("a key");
    await log.info("no key");`;
  const { stdout } = await execa("node", ["--input-type=module", "--eval", program], { cwd: ROOT });
  expect(stdout).toBe("no key");
});
