import { apiServer } from "../kube/apiServer.ts";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { objectsOf } from "../kube/objects.ts";
import type { Cluster, ClusterAccess } from "./kind.ts";

/**
 * How long a failure that took longer than `slow` is cached, in ms. Otherwise each resource of the cluster would wait
 * as long again.
 */
const REMEMBERED = 60_000;

/**
 * Opens clusters, each once per run, so that credentials commands run once and connections are reused.
 *
 * @param slow in ms; a faster failure is not cached, because it may be temporary
 */
export function opener(slow = 5_000): (name: string, access: ClusterAccess) => Promise<Cluster> {
  const opened = new Map<string, Promise<Cluster>>();
  return (name, access) => {
    const key = JSON.stringify([access.kubeconfig, access.context]);
    const before = opened.get(key);
    const known = before ?? open(access);
    if (before === undefined) {
      opened.set(key, known);
      const began = Date.now();
      known.catch(() => {
        if (Date.now() - began < slow) opened.delete(key);
        else setTimeout(() => opened.delete(key), REMEMBERED).unref();
      });
    }
    return known.then((cluster) => ({ ...cluster, name }));
  };
}

async function open({ kubeconfig: given, context }: ClusterAccess): Promise<Cluster> {
  const kubeconfig = kubeconfigPath(given);
  try {
    const server = await apiServer(kubeconfig, context);
    return { name: "", kubeconfig, context, server, objects: objectsOf(server) };
  } catch (error) {
    throw new Error(
      `no connection with context "${context}" of the kubeconfig; check it with kubectl --context ${context} version: ${(error as Error).message.trim()}`,
    );
  }
}
