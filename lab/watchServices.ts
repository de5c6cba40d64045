// Watches the Services of a cluster.
import { CoreV1Api, type KubeConfig, makeInformer, type V1Service } from "@kubernetes/client-node";

interface Watcher {
  /** Called for each existing Service, and again whenever it changes. */
  readonly seen: (service: V1Service) => void;
  readonly gone: (service: V1Service) => void;
}

/** Watches until the process ends. @param name of the cluster, for the log */
export async function watchServices(config: KubeConfig, name: string, { seen, gone }: Watcher): Promise<void> {
  const api = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, "/api/v1/services", () => api.listServiceForAllNamespaces());
  informer.on("add", seen);
  informer.on("update", seen);
  informer.on("delete", gone);
  informer.on("error", (error: unknown) => {
    console.error(`${name}: watch ended (${error}); again in 1 s`);
    setTimeout(() => void informer.start(), 1_000);
  });
  await informer.start();
}
