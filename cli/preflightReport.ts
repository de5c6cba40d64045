// What the preflight found, as a table for people.
import type { PreflightFinding } from "../preflight/findings.ts";
import type { Advice, Messages, PreflightMessages } from "./messages.ts";
import { table } from "./table.ts";

/** Widest columns: of a longer text the rest is on lines of its own. */
const WIDTHS = [10, 24, 48, 40, 44];

export function adviceOf<Id extends PreflightFinding["id"]>(
  finding: Extract<PreflightFinding, { id: Id }>,
  { findings }: PreflightMessages,
): Advice {
  return findings[finding.id as Id](finding);
}

/** In the order of the findings, but all that is wrong after all that is right: that is where people look. */
export function asTable(findings: readonly PreflightFinding[], { preflight }: Messages): string {
  const rows = (["ok", "warning", "error"] as const).flatMap((severity) =>
    findings
      .filter((finding) => finding.severity === severity)
      .map((finding) => {
        const { found, means, do: advice } = adviceOf(finding, preflight);
        return [preflight.severities[severity], who(finding), found, means, advice];
      }),
  );
  return table([preflight.columns, ...rows], WIDTHS);
}

const who = ({ cluster, peer }: PreflightFinding) => (peer === undefined ? cluster : `${cluster}, ${peer}`);

/** One line for each thing that is wrong, whichever clusters it is about. */
export function asLines(findings: readonly PreflightFinding[], { preflight }: Messages): string[] {
  const clusters = new Map<string, string[]>();
  for (const finding of findings) {
    const { found, do: advice } = adviceOf(finding, preflight);
    const line = `${found}; ${advice}`;
    clusters.set(line, [...(clusters.get(line) ?? []), who(finding)]);
  }
  return [...clusters].map(([line, names]) => `${names.join(", ")}: ${line}`);
}

export function countOf(findings: readonly PreflightFinding[]): { errors: number; warnings: number } {
  const count = (of: PreflightFinding["severity"]) => findings.filter(({ severity }) => severity === of).length;
  return { errors: count("error"), warnings: count("warning") };
}
