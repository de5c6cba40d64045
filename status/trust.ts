// Reads the current certificates and trusted roots of each proxy in a cluster.
import { type ApiServer, succeeded } from "../kube/apiServer.ts";
import { few } from "../kube/few.ts";
import { queryOf } from "../kube/selection.ts";
import { fingerprintsIn, trustedRoot } from "../proof/certificates.ts";
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
      return { pod, root: trustedRoot(secrets)?.fingerprint256 ?? "", trusted: fingerprintsIn(secrets.trusted) };
    } catch (error) {
      signal?.throwIfAborted();
      return { pod, root: "", trusted: [], failure: (error as Error).message };
    }
  });
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

/**
 * Pods that were injected before PROXY_CONFIG_XDS_AGENT was set, as `namespace/name`: their proxies get no roots from
 * istiod.
 */
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
