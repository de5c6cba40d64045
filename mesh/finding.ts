// What the preflight says of a mesh's clusters, for people and for programs.
import type { PreflightFinding } from "./preflightFindings.ts";
import type { ProbeFinding } from "./probeFindings.ts";

/** How much it matters: what works, what should be seen to, and what keeps the mesh from working. */
export type Severity = "ok" | "warning" | "error";

export type Finding = PreflightFinding | ProbeFinding;
