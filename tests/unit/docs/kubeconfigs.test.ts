import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FORMS, tables } from "../../kubeconfigForms/table.ts";

const PAGE = join(import.meta.dirname, "../../../docs/kubeconfigs.md");

test("docs/kubeconfigs.md lists the tested forms (vitest -u writes it)", async () => {
  const [prose] = readFileSync(PAGE, "utf8").split(/^## /m);
  await expect(`${prose}${tables()}\n`).toMatchFileSnapshot(PAGE);
});

test("gives a reason for each form whose results in kubectl and csp-mesh differ", () => {
  const forms = Object.values(FORMS).flat();
  const differing = forms.filter(({ kubectl, program = kubectl }) => program !== kubectl);
  expect(differing.length).toBeGreaterThan(0);
  for (const { form, program, why } of forms) expect([form, program !== undefined]).toEqual([form, why !== undefined]);
});
