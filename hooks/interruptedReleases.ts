// Helm refuses to install what a killed run left half-way ("cannot re-use a name that is still in use"), and to upgrade it
// ("another operation is in progress"). What it marks as failed it does take up again.

import { apiServer } from "../net/apiServer.ts";
import { SYSTEM_NAMESPACE } from "./ownership.ts";

const NAMESPACE = `namespaces/${SYSTEM_NAMESPACE}`;
/** What the stack makes only after it has recorded the release. */
const WITNESSES = {
  "istio-base": `/api/v1/${NAMESPACE}/secrets/istio-reader-service-account-istio-remote-secret-token`,
  istiod: `/apis/networking.istio.io/v1/${NAMESPACE}/gateways/cross-network-gateway`,
};

type Labels = Readonly<Record<string, string>>;

/**
 * Marks as failed every release that Helm thinks is being installed, and every installed one that the stack may not know.
 * Only while the stack is locked, and so no other run is at work: not in a preview.
 */
export async function giveUpInterrupted(kubeconfig: string, context: string): Promise<void> {
  const { get } = await apiServer(kubeconfig, context);
  const { body } = await get(`/api/v1/${NAMESPACE}/secrets?labelSelector=owner%3Dhelm`, { metadata: "list" });
  const revisions = (body as { items?: { metadata: { name: string; labels: Labels } }[] }).items ?? [];
  const ours = Object.entries(WITNESSES).map(async ([release, witness]) => {
    const own = revisions.filter(({ metadata }) => metadata.labels.name === release);
    if (own.length === 0) return [];
    // Only what is certainly not there: an API server may have other reasons to show nothing.
    const isRecorded = (await get(witness, { metadata: "object" })).status !== 404;
    const isInterrupted = ({ status = "" }: Labels) =>
      status.startsWith("pending-") || (status === "deployed" && !isRecorded);
    return own.filter(({ metadata }) => isInterrupted(metadata.labels)).map(({ metadata }) => metadata.name);
  });
  const interrupted = (await Promise.all(ours)).flat();
  if (interrupted.length === 0) return;
  // Loaded only here: most runs were not interrupted.
  const { failRevisions } = await import("./helmReleases.ts");
  const { clusterOf } = await import("./hook.ts");
  await failRevisions(clusterOf(kubeconfig, context), interrupted);
}
