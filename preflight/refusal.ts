// Interprets an API server's answer to a dry run. Pure.
import { type ApiAnswer, messageOf } from "../kube/apiServer.ts";
import type { RefusedBy } from "../mesh/preflightFindings.ts";

export type Verdict =
  | { readonly is: "accepted" }
  /** The answer allows no conclusion: the right to create is missing, or the server failed. */
  | { readonly is: "unknown" }
  /** A webhook does not support dry runs, so its verdict and all later ones are unknown. */
  | { readonly is: "blind"; readonly webhook: string }
  /** An object with that name exists. */
  | { readonly is: "taken" }
  | { readonly is: "refused"; readonly by: RefusedBy; readonly said: string };

const POD_SECURITY = /violates PodSecurity/;
const QUOTA =
  /\b(?:exceeded|failed) quota\b|\bLimitRange\b|usage per (?:Container|Pod|PersistentVolumeClaim)\b|must be less than or equal to (?:cpu|memory) limit/;
const WEBHOOK = /admission webhook "([^"]+)"|failed calling webhook "([^"]+)"/;
const POLICY = /^(?:.*: )?ValidatingAdmissionPolicy '([^']+)'/;
/**
 * Errors about a missing or terminating namespace, a missing account, or the right to create. They say nothing about
 * the object.
 */
const NOT_JUDGED = / cannot create resource "|error looking up service account|being terminated/;

export function verdictOf({ status, body }: Pick<ApiAnswer, "status" | "body">): Verdict {
  const said = messageOf(body) ?? `HTTP ${status}`;
  if (status === 200 || status === 201) return { is: "accepted" };
  const [, denying, failing] = WEBHOOK.exec(said) ?? [];
  const webhook = denying ?? failing;
  if (webhook !== undefined && said.includes("does not support dry run")) return { is: "blind", webhook };
  if (webhook !== undefined) {
    return { is: "refused", by: { is: failing === undefined ? "webhook" : "brokenWebhook", name: webhook }, said };
  }
  if (status === 409) return isTaken(body) ? { is: "taken" } : { is: "unknown" };
  if (status < 400 || [401, 404, 405, 408, 415, 429].includes(status) || status >= 500 || NOT_JUDGED.test(said))
    return { is: "unknown" };
  const policy = POLICY.exec(said)?.[1];
  if (policy !== undefined) return { is: "refused", by: { is: "policy", name: policy }, said };
  if (POD_SECURITY.test(said)) return { is: "refused", by: { is: "podSecurity" }, said };
  return { is: "refused", by: { is: QUOTA.test(said) ? "quota" : "other" }, said };
}

const isTaken = (body: unknown) => (body as { reason?: unknown } | null)?.reason === "AlreadyExists";
