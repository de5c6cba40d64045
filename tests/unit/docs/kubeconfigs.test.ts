import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FORMS, tables } from "../../kubeconfigForms/table.ts";

const PAGE = join(import.meta.dirname, "../../../docs/kubeconfigs.md");

test("docs/kubeconfigs.md shows the forms as they are tested (vitest -u writes it)", async () => {
  const [prose] = readFileSync(PAGE, "utf8").split(/^## /m);
  await expect(`${prose}${tables()}\n`).toMatchFileSnapshot(PAGE);
});

test("where csp-mesh refuses what kubectl takes, the table says why", () => {
  const forms = Object.values(FORMS).flat();
  const differing = forms.filter(({ kubectl, program = kubectl }) => program !== kubectl);
  expect(differing.length).toBeGreaterThan(0);
  for (const { form, program, why } of forms) expect([form, program !== undefined]).toEqual([form, why !== undefined]);
});
