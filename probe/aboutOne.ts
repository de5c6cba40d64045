// Findings that concern a single cluster.
import { shown } from "../kube/shown.ts";
import type { ProbeFindingOf } from "../mesh/probeFindings.ts";

/** @throws the signal's reason, because an aborted probe has no findings */
export function notProbed(
  cluster: string,
  field: string,
  error: unknown,
  signal: AbortSignal,
): ProbeFindingOf<"clusterNotProbed"> {
  signal.throwIfAborted();
  return { id: "clusterNotProbed", severity: "error", cluster, peer: "", field, said: errorText(error) };
}

export const podNotRunning = (cluster: string, image: string, said: string): ProbeFindingOf<"podNotRunning"> => ({
  id: "podNotRunning",
  severity: "error",
  cluster,
  peer: "",
  image,
  said,
});

export const gatewayWithoutAddress = (cluster: string, field: string): ProbeFindingOf<"gatewayWithoutAddress"> => ({
  id: "gatewayWithoutAddress",
  severity: "error",
  cluster,
  peer: "",
  field,
});

export function errorText(error: unknown): string {
  return shown(error instanceof Error ? error.message : String(error));
}
