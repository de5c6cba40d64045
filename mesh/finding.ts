// A finding about the mesh's clusters, for people and for programs.
import type { PreflightFinding } from "./preflightFindings.ts";
import type { ProbeFinding } from "./probeFindings.ts";
import type { StatusFinding } from "./statusFindings.ts";

export type Finding = PreflightFinding | ProbeFinding | StatusFinding;
