// What the preflight says of a mesh's clusters, for people and for programs.
import type { PreflightFinding } from "./preflightFindings.ts";
import type { ProbeFinding } from "./probeFindings.ts";

export type Finding = PreflightFinding | ProbeFinding;
