/** Severity of a finding: the checked part works, needs attention, or prevents the mesh from working. */
export type Severity = "ok" | "warning" | "error";
