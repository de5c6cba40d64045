import type { Mesh } from "./mesh.ts";
import type { CheckResult } from "./prove.ts";

/** One line with the result and, if the check failed, one with the remedy. */
export function reportLine({ name, passed, seen, hint, ms }: CheckResult): string {
  const line = `${passed ? "✓" : "✗"} ${name}: ${seen} (${(ms / 1000).toFixed(1)} s)`;
  return passed || hint === undefined ? line : `${line}\n  hint: ${hint}`;
}

/** The last line of the report, for a quick look at a CI log. */
export function summaryLine(mesh: Mesh, results: readonly CheckResult[]): string {
  const failed = results.filter(({ passed }) => !passed).length;
  const clusters = mesh.clusters.map(({ name }) => name).join(", ");
  return failed === 0
    ? `mesh ${mesh.id} (${clusters}): all ${results.length} checks passed`
    : `mesh ${mesh.id} (${clusters}): ${failed} of ${results.length} checks failed`;
}

/** The report as JSON, for programs. */
export function jsonReport(mesh: Mesh, results: readonly CheckResult[]): string {
  return JSON.stringify({ mesh: mesh.id, passed: allPassed(results), checks: results }, null, 2);
}

export function allPassed(results: readonly CheckResult[]): boolean {
  return results.every(({ passed }) => passed);
}
