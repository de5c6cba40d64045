import { apiServer } from "../kube/apiServer.ts";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { objectsOf } from "../kube/objects.ts";
import type { Cluster, ClusterAccess } from "./kind.ts";

/** Opens clusters, each once in a run: commands that give credentials are run once, and connections are kept. */
export function opener(): (name: string, access: ClusterAccess) => Promise<Cluster> {
  const opened = new Map<string, Promise<Cluster>>();
  return (name, access) => {
    const key = JSON.stringify([access.kubeconfig, access.context]);
    const known = opened.get(key) ?? open(access);
    opened.set(key, known);
    known.catch(() => opened.delete(key));
    return known.then((cluster) => ({ ...cluster, name }));
  };
}

async function open({ kubeconfig: given, context }: ClusterAccess): Promise<Cluster> {
  const kubeconfig = kubeconfigPath(given);
  try {
    const server = await apiServer(kubeconfig, context);
    return { name: "", kubeconfig, context, server, objects: objectsOf(server) };
  } catch (error) {
    throw new Error(`no connection by the kubeconfig's context "${context}": ${(error as Error).message.trim()}`);
  }
}
