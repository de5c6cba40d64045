// Which sidecars of a former mesh would send requests to another cluster.
import type { ClusterConfig } from "../config/parse.ts";
import { mapLimited } from "../kube/mapLimited.ts";
import { CROSS_NETWORK_PORT } from "../mesh/gatewayOptions.ts";
import { sidecar } from "../proof/sample.ts";
import { execOn } from "../status/exec.ts";
import { openCluster } from "../status/lookAtMesh.ts";
import { podsOfMesh } from "../status/podsOfMesh.ts";
import { FIRST_ANSWER_WITHIN } from "./formerMesh.ts";

/** Pods whose proxy would send requests to a gateway of another cluster, or could not be asked. */
export interface CrossClusterProxies {
  readonly cluster: string;
  /** As `namespace/name`. */
  readonly connected: readonly string[];
  readonly silent: readonly string[];
}

/** The proxy's own Envoy, because istiod's view may be ahead of it. */
const CLUSTERS = ["pilot-agent", "request", "GET", "clusters"];

/** @throws the signal's reason, or Error if the cluster does not answer */
export async function crossClusterProxies(cluster: ClusterConfig, signal: AbortSignal): Promise<CrossClusterProxies> {
  const opened = await openCluster(cluster, FIRST_ANSWER_WITHIN, signal);
  if (!("server" in opened)) throw new Error(`${opened.name}: ${opened.failure}`);
  try {
    const exec = execOn(opened.cluster, signal);
    const { withSidecar } = await podsOfMesh(opened.server);
    const states = await mapLimited(withSidecar, async (pod) => {
      const [namespace = "", name = ""] = pod.split("/");
      try {
        const text = await exec({ namespace, name, ready: true }, sidecar, CLUSTERS);
        return { pod, is: hasPeerEndpoints(text) ? "connected" : "near" } as const;
      } catch {
        signal.throwIfAborted();
        return { pod, is: "silent" } as const;
      }
    });
    const pods = (is: (typeof states)[number]["is"]) => states.filter((one) => one.is === is).map(({ pod }) => pod);
    return { cluster: cluster.name, connected: pods("connected"), silent: pods("silent") };
  } finally {
    opened.server.close();
  }
}

/**
 * Whether Envoy's list of endpoints (`outbound|9080||host::10.0.0.1:15443::…`) has one at a gateway. The gateway's own
 * Service has this port too, in the name of its cluster.
 */
export const hasPeerEndpoints = (clusters: string): boolean =>
  clusters.split("\n").some((line) => {
    const [, port, endpoint] = /^outbound\|(\d+)\|.*?::(.+?:\d+)::/.exec(line) ?? [];
    return endpoint?.endsWith(`:${CROSS_NETWORK_PORT}`) === true && port !== String(CROSS_NETWORK_PORT);
  });
