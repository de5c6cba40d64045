import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ensureStack } from "../../../lab/pulumi.ts";
import { labSpec } from "../../../lab/spec.ts";
import type { Lab } from "../../../lab/up.ts";
import { script, temporaryFolder } from "../toolchain/workshop.ts";

/**
 * A lab with a fake `pulumi`, whose `stack init` runs lines of sh before and after it creates the stack, and rejects an
 * existing stack.
 */
function labWith(dir: string, { before = "", after = "" }): Lab {
  const pulumiBin = join(dir, "bin");
  script(
    join(pulumiBin, "pulumi"),
    `echo "$3 $4 $5" >> ${dir}/asked; ${before}
     mkdir ${dir}/state/stack || exit 1; ${after}`,
  );
  return { ...labSpec({ slot: 0, clusters: 2, dir }), tools: { pulumiBin } as Lab["tools"] };
}

test.each([
  ["before Pulumi created the stack", { before: "exit 1" }],
  ["afterwards", { after: "exit 1" }],
])("resumes a run that was interrupted %s, and keeps an existing stack", async (_, killed) => {
  const dir = temporaryFolder();
  await expect(ensureStack(labWith(dir, killed))).rejects.toThrow("stack init lab");
  const lab = labWith(dir, {});
  await ensureStack(lab);
  await ensureStack(lab);
  expect(readFileSync(join(dir, "asked"), "utf8")).toBe("stack init lab\n".repeat(2));
  expect(readFileSync(join(dir, "env"), "utf8")).toContain(`export PULUMI_HOME='${dir}/pulumi'\n`);
});
