// Formats findings of the preflight, the probe and the status as a table.

import type { Finding } from "../mesh/finding.ts";
import type { Severity } from "../mesh/severity.ts";
import type { Advice, Messages } from "./messages.ts";
import { table } from "./table.ts";
import { paint, type Terminal } from "./terminal.ts";

/** Maximum widths of columns. Longer texts continue on further lines. */
const WIDTHS = [10, 24, 48, 40, 44];

const COLOURS = { ok: "green", warning: "yellow", error: "red" } as const;

export function adviceOf<Id extends Finding["id"]>(
  finding: Extract<Finding, { id: Id }>,
  { preflight, probe, status }: Messages,
): Advice {
  const texts = { ...preflight.findings, ...probe.findings, ...status.findings };
  return (texts[finding.id] as (finding: Finding) => Advice)(finding);
}

/** Keeps the order of the findings, but puts errors and warnings last, because people look at the end. */
export function asTable(findings: readonly Finding[], messages: Messages, terminal: Terminal = {}): string {
  const { columns, severities } = messages.preflight;
  const rows = (["ok", "warning", "error"] as const).flatMap((severity) =>
    findings
      .filter((finding) => finding.severity === severity)
      .map((finding) => {
        const { found, means, do: advice } = adviceOf(finding, messages);
        return [paint(severities[severity], COLOURS[severity], terminal), who(finding, messages), found, means, advice];
      }),
  );
  return table([columns, ...rows], { limits: WIDTHS, columns: terminal.columns });
}

/** The cluster of a finding or, for the probe and the status, also the direction. */
export function who({ id, cluster, peer }: Finding, { preflight }: Messages): string {
  if (!peer) return cluster;
  return id in preflight.findings ? `${cluster}, ${peer}` : `${cluster} -> ${peer}`;
}

/** One line for each fault, even if it affects several clusters. */
export function asLines(findings: readonly Finding[], messages: Messages): string[] {
  const clusters = new Map<string, string[]>();
  for (const finding of findings) {
    const { found, do: advice } = adviceOf(finding, messages);
    const line = `${found}; ${advice}`;
    clusters.set(line, [...(clusters.get(line) ?? []), who(finding, messages)]);
  }
  return [...clusters].map(([line, names]) => `${names.join(", ")}: ${line}`);
}

export function countOf(findings: readonly Finding[]): { errors: number; warnings: number } {
  const count = (of: Severity) => findings.filter(({ severity }) => severity === of).length;
  return { errors: count("error"), warnings: count("warning") };
}
