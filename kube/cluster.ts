// The requests of a proof to a live cluster, through the same connection, retries and proxies as all other requests.
import type { V1Deployment, V1PodList } from "@kubernetes/client-node";
import { ApiError, type ApiServer, apiServer, type Method, succeeded } from "./apiServer.ts";
import { type ExecOptions, type ExecResult, execIn } from "./exec.ts";
import { entriesOfContext } from "./kubeconfig.ts";
import { kubeconfigPath } from "./kubeconfigPaths.ts";
import { readKubeconfig } from "./parsedKubeconfig.ts";
import { isReady } from "./podState.ts";
import { restartPatch } from "./restartPatch.ts";
import { formerReplicas } from "./scaledToNone.ts";
import { queryOf } from "./selection.ts";
import { shown } from "./shown.ts";

export type { ExecOptions, ExecResult } from "./exec.ts";

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  /** Has condition Ready and is not being deleted. */
  readonly ready: boolean;
}

export interface Deployment {
  /** Desired replicas. */
  readonly replicas: number;
  readonly readyReplicas: number;
  /** Replicas before a proof scaled the Deployment to zero, from the proof's annotation. */
  readonly formerReplicas?: number | undefined;
  /** Label selector of its pods. */
  readonly selector: string;
  /** Termination grace period of its pods, in seconds. */
  readonly graceSeconds: number;
}

/** The requests that the checks make to a live cluster. Every error names the cluster. */
export interface Cluster {
  readonly name: string;
  /** Pods in all phases except Succeeded and Failed, sorted by name. */
  pods(namespace: string, selector: string): Promise<readonly Pod[]>;
  /** Runs a command without a terminal. A non-zero exit is a result, not an error. */
  exec(pod: Pod, container: string, command: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Log of a container over the last `seconds`. */
  logs(pod: Pod, container: string, seconds: number): Promise<string>;
  deployment(namespace: string, name: string): Promise<Deployment>;
  /** Applies a merge patch to a Deployment in one write. */
  patchDeployment(namespace: string, name: string, patch: object): Promise<void>;
  /** Replaces a Deployment's pods one after the other, like `kubectl rollout restart`. */
  restart(namespace: string, name: string): Promise<void>;
}

export interface ClusterEntry {
  /** For messages. */
  readonly name: string;
  /** Path of a kubeconfig, or its text (more than one line). */
  readonly kubeconfig: string;
  readonly context: string;
}

/**
 * Opens a cluster by its kubeconfig and context. Credentials may come from a command. Makes no request yet.
 * @throws Error that names the missing file or context
 */
export function connect({ name, kubeconfig, context }: ClusterEntry): Cluster {
  const isText = kubeconfig.includes("\n");
  const called = isText ? "the kubeconfig in the stack's output" : kubeconfig;
  let source: string;
  try {
    source = isText ? kubeconfig : readKubeconfig(kubeconfigPath(kubeconfig));
  } catch (error) {
    throw new Error(`cluster ${name}: cannot read the kubeconfig ${kubeconfig}: ${(error as Error).message}`);
  }
  entriesOfContext(`cluster ${name}: ${called}`, source, context);
  let opened: Promise<ApiServer> | undefined;
  return open(name, () => {
    opened ??= apiServer(kubeconfig, context).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  });
}

/** Longest wait for one answer, in ms. */
const ANSWERS_WITHIN = 15_000;

/** @param server the API server, or a function that returns it and is called for each request */
export function open(name: string, server: ApiServer | (() => Promise<ApiServer>)): Cluster {
  const get = async () => (typeof server === "function" ? server() : server);

  async function withContext<T>(what: string, answer: () => Promise<T>): Promise<T> {
    try {
      return await answer();
    } catch (error) {
      throw new Error(`cluster ${name}: ${what}: ${reason(error)}`);
    }
  }
  const ask = <Answer>(what: string, method: Method, path: string, patch?: object) =>
    withContext(what, async () => {
      const content = patch && { body: patch, type: "application/merge-patch+json" };
      return succeeded<Answer>(await (await get()).send(method, path, content, { timeout: ANSWERS_WITHIN }));
    });
  const deploymentPath = (namespace: string, deployment: string) =>
    `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;

  return {
    name,
    async pods(namespace, labels) {
      const path = `/api/v1/namespaces/${namespace}/pods?${queryOf({ labels })}`;
      const { items } = await ask<V1PodList>(`list pods of ${namespace}`, "GET", path);
      return items
        .filter((pod) => pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed")
        .map((pod) => ({ namespace, name: pod.metadata?.name ?? "", ready: isReady(pod) }))
        .sort((a, b) => a.name.localeCompare(b.name));
    },
    exec: ({ namespace, name: pod }, container, command, options) =>
      withContext(`exec ${command[0]} in ${namespace}/${pod}`, async () =>
        execIn(await get(), { namespace, pod, container }, command, options),
      ),
    logs: ({ namespace, name: pod }, container, seconds) => {
      const query = new URLSearchParams({ container, sinceSeconds: `${seconds}` });
      return withContext(`log of ${namespace}/${pod}`, async () => {
        const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`;
        return succeeded<string>(await (await get()).get(path, { timeout: ANSWERS_WITHIN, isText: true }));
      });
    },
    async deployment(namespace, deployment) {
      const what = `read Deployment ${namespace}/${deployment}`;
      const read = await ask<V1Deployment>(what, "GET", deploymentPath(namespace, deployment));
      const { spec, status } = read;
      return {
        replicas: spec?.replicas ?? 1,
        readyReplicas: status?.readyReplicas ?? 0,
        formerReplicas: formerReplicas(read),
        selector: Object.entries(spec?.selector.matchLabels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(","),
        // Kubernetes' default grace period.
        graceSeconds: spec?.template.spec?.terminationGracePeriodSeconds ?? 30,
      };
    },
    async patchDeployment(namespace, deployment, patch) {
      const path = `${deploymentPath(namespace, deployment)}?fieldManager=csp-mesh`;
      await ask(`patch Deployment ${namespace}/${deployment}`, "PATCH", path, patch);
    },
    async restart(namespace, deployment) {
      const what = `restart Deployment ${namespace}/${deployment}`;
      await ask(what, "PATCH", deploymentPath(namespace, deployment), restartPatch());
    },
  };
}

/** The line of an error message that contains the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return shown(String(error));
  const isBare = !(error instanceof ApiError) || error.message === `HTTP ${error.status}`;
  return isBare ? shown(error.message) : `HTTP ${error.status}: ${error.message}`;
}
