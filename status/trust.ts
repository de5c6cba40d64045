// What each proxy and istiod of a cluster signs with, holds and trusts at this moment.
import { type ApiServer, succeeded } from "../kube/apiServer.ts";
import { few } from "../kube/few.ts";
import { queryOf } from "../kube/selection.ts";
import { certificatesIn } from "../proof/certificates.ts";
import { sidecar } from "../proof/sample.ts";
import { parseSecretDump, secretDumpCommand } from "../proof/secretDump.ts";
import type { ProxyFacts } from "./facts.ts";
import { LIMITS } from "./limits.ts";
import type { Exec } from "./lookAtCluster.ts";
import { INJECTED } from "./podsOfMesh.ts";

/** @param pods as `namespace/name` @throws the signal's reason */
export function proxiesOf(pods: readonly string[], exec: Exec, signal?: AbortSignal): Promise<ProxyFacts[]> {
  return few(pods, async (pod): Promise<ProxyFacts> => {
    const [namespace = "", name = ""] = pod.split("/");
    try {
      const secrets = parseSecretDump(await exec({ namespace, name, ready: true }, sidecar, secretDumpCommand));
      const chain = certificatesIn(secrets.chain);
      const roots = certificatesIn(secrets.trusted);
      const root = roots.find((one) => chain.some((link) => link.checkIssued(one) && link.verify(one.publicKey)));
      return {
        pod,
        root: root?.fingerprint256 ?? "",
        trusted: [...new Set(roots.map(({ fingerprint256 }) => fingerprint256))],
      };
    } catch (error) {
      signal?.throwIfAborted();
      return { pod, root: "", trusted: [], failure: (error as Error).message };
    }
  });
}

/** Ends of the intermediate and of the first root that an istiod has loaded, from its metrics, in seconds since the epoch. */
export function endsIn(metrics: string): { signerEnds?: number; rootEnds?: number } {
  const values = new Map(
    [...metrics.matchAll(/^citadel_server_(cert_chain|root_cert)_expiry_timestamp(?:\{[^}]*\})? (\S+)$/gm)].map(
      ([, of, value]) => [of, Number(value)],
    ),
  );
  const [signerEnds, rootEnds] = [values.get("cert_chain"), values.get("root_cert")];
  return { ...(signerEnds !== undefined && { signerEnds }), ...(rootEnds !== undefined && { rootEnds }) };
}

interface PodWithSpec {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly containers: readonly Container[]; readonly initContainers?: readonly Container[] };
}
interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** Pods that were injected before PROXY_CONFIG_XDS_AGENT was set, as `namespace/name`: their proxies take no roots from istiod. */
export async function withoutAgent(server: ApiServer): Promise<string[]> {
  const path = `/api/v1/pods?${queryOf({ fields: "status.phase=Running" })}`;
  const { items } = succeeded<{ items: readonly PodWithSpec[] }>(await server.get(path, LIMITS));
  const takes = ({ name, env = [] }: Container) =>
    name === sidecar && env.some((one) => one.name === "PROXY_CONFIG_XDS_AGENT" && one.value === "true");
  return items
    .filter(({ metadata }) => metadata.annotations?.[INJECTED] !== undefined)
    .filter(({ spec }) => ![...spec.containers, ...(spec.initContainers ?? [])].some(takes))
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}
