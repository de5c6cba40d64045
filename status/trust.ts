// Reads the current certificates and trusted roots of each proxy in a cluster.
import { type ApiServer, succeeded } from "../kube/apiServer.ts";
import { mapLimited } from "../kube/mapLimited.ts";
import { queryOf } from "../kube/selection.ts";
import { fingerprintsIn, trustedRoot } from "../proof/certificates.ts";
import { sidecar } from "../proof/sample.ts";
import { type Exec, liveSecrets } from "./exec.ts";
import type { ProxyFacts } from "./facts.ts";
import { LIMITS } from "./limits.ts";
import { INJECTED } from "./podsOfMesh.ts";

/** @param pods as `namespace/name` @throws the signal's reason */
export function proxiesOf(pods: readonly string[], exec: Exec, signal?: AbortSignal): Promise<ProxyFacts[]> {
  return mapLimited(pods, async (pod): Promise<ProxyFacts> => {
    const [namespace = "", name = ""] = pod.split("/");
    try {
      const secrets = await liveSecrets({ namespace, name, ready: true }, exec);
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
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** Pods with a proxy, as `namespace/name`. */
export interface ProxyPods {
  readonly all: readonly string[];
  /** Created before PROXY_CONFIG_XDS_AGENT was set: their proxies get no roots from istiod. */
  readonly withoutAgent: readonly string[];
}

/**
 * @param served pods that an istiod serves, as `namespace/name`: those of gateways and waypoints that istiod itself
 * creates do not have the webhook's annotation
 */
export async function proxyPods(server: ApiServer, served: ReadonlySet<string>): Promise<ProxyPods> {
  const path = `/api/v1/pods?${queryOf({ fields: "status.phase=Running" })}`;
  const { items } = succeeded<{ items: readonly PodWithSpec[] }>(await server.get(path, LIMITS));
  const pods = items
    .map(({ metadata, spec }) => ({
      name: `${metadata.namespace}/${metadata.name}`,
      isInjected: metadata.annotations?.[INJECTED] !== undefined,
      proxy: [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === sidecar),
    }))
    // Skip ztunnel, which is not Envoy.
    .filter(({ name, isInjected, proxy }) => isInjected || (served.has(name) && !proxy?.args?.includes("ztunnel")));
  const takesRoots = ({ env = [] }: Container) =>
    env.some((one) => one.name === "PROXY_CONFIG_XDS_AGENT" && one.value === "true");
  return {
    all: pods.map(({ name }) => name),
    withoutAgent: pods.filter(({ proxy }) => !proxy || !takesRoots(proxy)).map(({ name }) => name),
  };
}
