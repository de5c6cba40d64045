// Kubelets update mounted Secrets within two minutes, or at once for a pod whose annotations change:
// https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#mounted-configmaps-are-updated-automatically
import type { MeshConfig } from "../config/parse.ts";
import { apiServer } from "../kube/apiServer.ts";
import { objectsOf } from "../kube/objects.ts";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";

/** Annotation of istiod's pods with the time of the last update of Secret `cacerts`. */
const REFRESHED = "csp-mesh.io/secrets-refreshed";
/** Longest wait for an API server, in ms. */
const ANSWERS_WITHIN = 10_000;

export type RefreshSecrets = (config: Pick<MeshConfig, "clusters">, signal: AbortSignal) => Promise<void>;

/** Makes kubelets update Secret `cacerts` in every istiod at once. If a request fails, they update it in their own time. */
export const refreshSecrets: RefreshSecrets = async ({ clusters }, signal) => {
  await Promise.allSettled(
    clusters.map(async ({ kubeconfig, context }) => {
      const server = await apiServer(kubeconfig, context, { signal });
      try {
        const { list, merge } = objectsOf(server, undefined, { within: ANSWERS_WITHIN, tries: 2, signal });
        const pods = await list("v1", "Pod", { namespace: SYSTEM_NAMESPACE, labels: "app=istiod" });
        const annotations = { [REFRESHED]: new Date().toISOString() };
        for (const { metadata } of pods)
          await merge(
            { apiVersion: "v1", kind: "Pod", metadata: { name: metadata.name, namespace: SYSTEM_NAMESPACE } },
            { metadata: { annotations } },
          );
      } finally {
        server.close();
      }
    }),
  );
  signal.throwIfAborted();
};
