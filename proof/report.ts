import type { Language } from "../i18n/language.ts";
import { translated } from "../i18n/translated.ts";
import { shownLines } from "../kube/shown.ts";
import type { Mesh } from "./mesh.ts";
import type { CheckResult } from "./prove.ts";

/** A text of the proof for people. It may quote pods and istiods. */
export const words = (text: string, language: Language) => translated(shownLines(text), language);

/** One line with the evidence and, for a failed check, one line with the remedy. */
export function reportLine({ name, passed, seen, hint, ms }: CheckResult, language: Language): string {
  const [check, found, time] = [name, seen, `(${(ms / 1000).toFixed(1)} s)`].map((text) => words(text, language));
  const line = `${passed ? "✓" : "✗"} ${check}: ${found} ${time}`;
  return passed || hint === undefined ? line : `${line}\n  ${words(`hint: ${hint}`, language)}`;
}

/** The summary line. */
export function summaryLine(mesh: Mesh, results: readonly CheckResult[], language: Language): string {
  const failed = results.filter(({ passed }) => !passed).length;
  const clusters = mesh.clusters.map(({ name }) => name).join(", ");
  const summary =
    failed === 0
      ? `mesh ${mesh.id} (${clusters}): all ${results.length} checks passed`
      : `mesh ${mesh.id} (${clusters}): ${failed} of ${results.length} checks failed`;
  return translated(summary, language);
}

/** The report as JSON, for programs. */
export function jsonReport(mesh: Mesh, results: readonly CheckResult[]): string {
  return JSON.stringify({ mesh: mesh.id, passed: allPassed(results), checks: results }, null, 2);
}

export function allPassed(results: readonly CheckResult[]): boolean {
  return results.every(({ passed }) => passed);
}
