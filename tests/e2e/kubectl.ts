// Clients and helpers for the tests' requests to a lab's cluster.
import {
  AdmissionregistrationV1Api,
  ApiextensionsV1Api,
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  PolicyV1Api,
  StorageV1Api,
  type V1Pod,
} from "@kubernetes/client-node";
import { apiServer } from "../../kube/apiServer.ts";
import { type Cluster, connect } from "../../kube/cluster.ts";
import { type Objects, objectsOf } from "../../kube/objects.ts";
import type { ClusterSpec } from "../../lab/spec.ts";
import type { Lab } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";

export interface Api {
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly extensions: ApiextensionsV1Api;
  readonly autoscaling: AutoscalingV2Api;
  readonly policy: PolicyV1Api;
  readonly storage: StorageV1Api;
  readonly cluster: Cluster;
  readonly config: KubeConfig;
  readonly admission: AdmissionregistrationV1Api;
  /** Client for objects of any kind. */
  readonly objects: KubernetesObjectApi;
}

export function apiOf(lab: Lab, { name, kubeconfigName }: ClusterSpec): Api {
  const kubeconfig = `${lab.dir}/kubeconfig`;
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  config.setCurrentContext(kubeconfigName);
  return {
    config,
    admission: config.makeApiClient(AdmissionregistrationV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    extensions: config.makeApiClient(ApiextensionsV1Api),
    autoscaling: config.makeApiClient(AutoscalingV2Api),
    policy: config.makeApiClient(PolicyV1Api),
    storage: config.makeApiClient(StorageV1Api),
    cluster: connect({ name, kubeconfig, context: kubeconfigName }),
  };
}

/** The provider's own client for objects. */
export const providerObjects = async ({ config }: Api): Promise<Objects> =>
  objectsOf(await apiServer(`${config.exportConfig()}\n`, config.getCurrentContext()));

/** Creates a pod with one container, and resolves when it is ready. */
export async function runPod(api: Api, name: string, image: string, command: string[]): Promise<V1Pod> {
  const namespace = "default";
  await api.core.createNamespacedPod({
    namespace,
    body: { metadata: { name }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name, image, command }] } },
  });
  let pod: V1Pod = {};
  await waitFor(`pod ${name} ready`, 60_000, async () => {
    pod = await api.core.readNamespacedPod({ namespace, name });
    const ready = pod.status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
    return ready && pod.status?.podIP !== undefined ? true : JSON.stringify(pod.status?.containerStatuses?.[0]?.state);
  });
  return pod;
}

/** Exit code of curl in a pod: 0 for an answer, 7 for a refused or unreachable address, 28 for a time-out. */
export async function curl(api: Api, pod: string, url: string): Promise<number> {
  const command = ["curl", "--silent", "--output", "/dev/null", "--max-time", "5", url];
  const { exitCode } = await api.cluster.exec({ namespace: "default", name: pod, ready: true }, pod, command, {
    timeout: 15_000,
  });
  return exitCode;
}
