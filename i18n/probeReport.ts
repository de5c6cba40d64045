import type { ProbeFinding } from "../mesh/probeFindings.ts";
import type { Messages } from "./messages.ts";
import { adviceOf, who } from "./preflightReport.ts";

/** Formats findings as lines that are readable among the output of other programs. */
export function probeReport(findings: readonly ProbeFinding[], messages: Messages): string {
  const { columns, severities } = messages.preflight;
  return findings
    .filter(({ severity }) => severity !== "ok")
    .map((finding) => {
      const { found, means, do: todo } = adviceOf(finding, messages);
      return `${severities[finding.severity]}: ${who(finding, messages)}: ${found}\n    ${columns[3]}: ${means}\n    ${columns[4]}: ${todo}`;
    })
    .join("\n");
}
