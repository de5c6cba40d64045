import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../../root.ts";

const { options } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")).runtime;

/** Output of a CommonJS script that Node runs with the `nodeargs` of Pulumi.yaml. */
async function printed(program: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await execa("node", [...options.nodeargs.split(" "), "--eval", program], { cwd: ROOT, env });
  return stdout;
}

test("uses Node's compile cache", async () => {
  expect(await printed("console.log(require('node:module').getCompileCacheDir())")).toContain(
    join(ROOT, "node_modules", ".cache", "csp-mesh"),
  );
});

test("rejects an old Node, and names where to get a newer one", async () => {
  const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.20.0" } })';
  const args = ["--import", `data:text/javascript,${older}`, ...options.nodeargs.split(" "), "--eval", ""];
  const { exitCode, stderr } = await execa("node", args, { cwd: ROOT, reject: false });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr:
      `csp-mesh runs with Node 24, or 22.21 at least; "node" on PATH is 22.20.0 (${process.execPath}). ` +
      'One comes with npm ci: export PATH="$PWD/node_modules/.bin:$PATH"',
  });
});
