// Finds the intermediate with which a cluster's istiods sign.
import { X509Certificate } from "node:crypto";
import { debugCommand } from "../istiod/debug.ts";
import { issuerEnds } from "../istiod/issuer.ts";
import { type ApiServer, succeeded } from "../kube/apiServer.ts";
import type { Pod } from "../kube/cluster.ts";
import { CA_SECRET, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import type { Exec } from "./exec.ts";
import { LIMITS } from "./limits.ts";

/**
 * Ready istiods that do not sign with the intermediate in Secret `cacerts`. Kubelets update the mounted Secret within a
 * minute or two.
 */
export async function unloadedIn(server: ApiServer, istiods: readonly Pod[], exec: Exec): Promise<string[]> {
  const [wanted, ends] = await Promise.all([
    wantedEnd(server),
    Promise.all(
      istiods.map(async (pod) => ({
        pod,
        end: issuerEnds(await exec(pod, "discovery", debugCommand("/metrics"))).signer,
      })),
    ),
  ]);
  return ends.filter(({ end }) => end !== wanted).map(({ pod }) => pod.name);
}

/** Reads only the certificate. The Secret also holds the key, which is ignored. */
async function wantedEnd(server: ApiServer): Promise<number> {
  const path = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/secrets/${CA_SECRET}`;
  const { data } = succeeded<{ data?: Readonly<Record<string, string>> }>(await server.get(path, LIMITS));
  try {
    return Date.parse(new X509Certificate(Buffer.from(data?.["ca-cert.pem"] ?? "", "base64")).validTo);
  } catch {
    // Omit the library's message: it quotes bytes of the Secret.
    throw new Error(`Secret ${CA_SECRET}: ca-cert.pem is no certificate`);
  }
}
