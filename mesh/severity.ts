/** How much a finding matters: what works, what should be seen to, and what keeps the mesh from working. */
export type Severity = "ok" | "warning" | "error";
