import { Writable } from "node:stream";
import {
  ApiException,
  AppsV1Api,
  CoreV1Api,
  createConfiguration,
  Exec,
  type KubeConfig,
  PatchStrategy,
  type RequestContext,
  ServerConfiguration,
  setHeaderOptions,
  type V1Pod,
  type V1Status,
} from "@kubernetes/client-node";
import { loadKubeConfig } from "../net/kubeConfig.ts";
import { throughProxy } from "../net/proxy.ts";
import type { MeshCluster } from "./mesh.ts";

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  /** Condition Ready, and not on its way out. */
  readonly ready: boolean;
}

export interface Deployment {
  /** Replicas asked for. */
  readonly replicas: number;
  readonly readyReplicas: number;
  /** Its pods, as a label selector. */
  readonly selector: string;
  /** Time that its pods have to end, in seconds. */
  readonly graceSeconds: number;
}

export interface ExecOptions {
  /** In ms. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with each piece of stdout as it comes. */
  readonly onStdout?: ((text: string) => void) | undefined;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What the checks need of a live cluster, and nothing more. Every error names the cluster. */
export interface Cluster {
  readonly name: string;
  /** Pods of all phases but Succeeded and Failed, by name. */
  pods(namespace: string, selector: string): Promise<readonly Pod[]>;
  /** Runs a command without a terminal. A non-zero exit is a result, not an error. */
  exec(pod: Pod, container: string, command: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Log of a container over the last `seconds`. */
  logs(pod: Pod, container: string, seconds: number): Promise<string>;
  deployment(namespace: string, name: string): Promise<Deployment>;
  scale(namespace: string, name: string, replicas: number): Promise<void>;
  /** Replaces a Deployment's pods one after the other, as `kubectl rollout restart` does. */
  restart(namespace: string, name: string): Promise<void>;
}

/**
 * Opens a cluster by its kubeconfig and context; credentials may come from an exec plugin.
 * Makes no request yet.
 * @throws Error naming the file or the context that is not there.
 */
export function connect({ name, kubeconfig, context }: MeshCluster): Cluster {
  let config: KubeConfig;
  const isText = kubeconfig.includes("\n");
  const called = isText ? "the kubeconfig in the stack's output" : kubeconfig;
  try {
    config = loadKubeConfig(kubeconfig);
  } catch (error) {
    // What is wrong with a text would be told by quoting it.
    throw new Error(
      `cluster ${name}: cannot read ${isText ? called : `the kubeconfig ${kubeconfig}: ${reason(error)}`}`,
    );
  }
  const known = config.getContexts().map((entry) => entry.name);
  if (!known.includes(context)) {
    throw new Error(`cluster ${name}: ${called} has no context ${JSON.stringify(context)}; it has ${known.join(", ")}`);
  }
  config.setCurrentContext(context);
  throughProxy(config);
  return open(name, config);
}

/** The cluster of a kubeconfig's current context. Makes no request yet. */
export function open(name: string, config: KubeConfig): Cluster {
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(config.getCurrentCluster()?.server ?? "", {}),
    authMethods: { default: config },
    promiseMiddleware: [{ pre: limitTime, post: async (response) => response }],
  });
  const core = new CoreV1Api(configuration);
  const apps = new AppsV1Api(configuration);
  const exec = new Exec(config);

  async function told<T>(what: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw new Error(`cluster ${name}: ${what}: ${reason(error)}`);
    }
  }
  const ask = <T>(what: string, answer: Promise<T>) => told(what, within(ANSWERS_WITHIN, answer));

  return {
    name,
    async pods(namespace, labelSelector) {
      const list = await ask(`list pods of ${namespace}`, core.listNamespacedPod({ namespace, labelSelector }));
      return list.items
        .filter((pod) => pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed")
        .map((pod) => ({ namespace, name: pod.metadata?.name ?? "", ready: isReady(pod) }))
        .sort((a, b) => a.name.localeCompare(b.name));
    },
    exec: (pod, container, command, options) =>
      told(`exec ${command[0]} in ${pod.namespace}/${pod.name}`, run(exec, pod, container, command, options)),
    logs: ({ namespace, name: pod }, container, sinceSeconds) =>
      ask(
        `log of ${namespace}/${pod}`,
        core.readNamespacedPodLog({ namespace, name: pod, container, sinceSeconds }).then((log) => log ?? ""),
      ),
    async deployment(namespace, deployment) {
      const { spec, status } = await ask(
        `read Deployment ${namespace}/${deployment}`,
        apps.readNamespacedDeployment({ namespace, name: deployment }),
      );
      return {
        replicas: spec?.replicas ?? 1,
        readyReplicas: status?.readyReplicas ?? 0,
        selector: Object.entries(spec?.selector.matchLabels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(","),
        // Kubernetes' default.
        graceSeconds: spec?.template.spec?.terminationGracePeriodSeconds ?? 30,
      };
    },
    async scale(namespace, deployment, replicas) {
      await ask(
        `scale Deployment ${namespace}/${deployment} to ${replicas}`,
        apps.patchNamespacedDeploymentScale(
          { namespace, name: deployment, body: { spec: { replicas } } },
          setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        ),
      );
    },
    async restart(namespace, deployment) {
      const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
      await ask(
        `restart Deployment ${namespace}/${deployment}`,
        apps.patchNamespacedDeployment(
          { namespace, name: deployment, body: { spec: { template: { metadata: { annotations } } } } },
          setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        ),
      );
    },
  };
}

/** Longest wait for an API server, and for a command that gives credentials for it, in ms. */
const ANSWERS_WITHIN = 20_000;

/** Without it an API server that accepts and says nothing would hold a request for five minutes. */
async function limitTime(request: RequestContext): Promise<RequestContext> {
  request.setSignal(AbortSignal.timeout(15_000));
  return request;
}

/** Whatever becomes of what is waited for: the client asks a kubeconfig's command before it makes a request, without a limit. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const overdue = Promise.withResolvers<never>();
  const timer = setTimeout(() => overdue.reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([answer, overdue.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function isReady(pod: V1Pod): boolean {
  const ready = pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  return ready === true && !pod.metadata?.deletionTimestamp;
}

async function run(
  client: Exec,
  pod: Pod,
  container: string,
  command: readonly string[],
  { timeout, signal, onStdout }: ExecOptions,
): Promise<ExecResult> {
  const stdout = new Text(onStdout);
  const stderr = new Text();
  const end = Promise.withResolvers<V1Status>();
  const limit = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])]);
  const stop = () => end.reject(signal?.aborted ? signal.reason : new Error(`no end after ${timeout / 1000} s`));
  limit.addEventListener("abort", stop);
  if (limit.aborted) stop();
  const opening = client.exec(
    pod.namespace,
    pod.name,
    container,
    [...command],
    stdout,
    stderr,
    null,
    false,
    end.resolve,
  );
  // An API server may accept and never answer; what it opens too late is closed.
  const socket = await Promise.race([opening, end.promise.then(() => opening)]).catch((error: unknown) => {
    opening.then((late) => late.close()).catch(() => {});
    throw error;
  });
  // The status comes before the close, so this one only ends an exec whose connection broke.
  socket.addEventListener("close", ({ code }: { code: number }) =>
    end.reject(new Error(`connection closed (${code}) before the end`)),
  );
  try {
    return { exitCode: exitCode(await end.promise), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    limit.removeEventListener("abort", stop);
    socket.close();
  }
}

/** Exit code in the status that ends an exec. @throws Error where the command was not run at all. */
function exitCode(status: V1Status): number {
  if (status.status === "Success") return 0;
  const cause = status.details?.causes?.find((entry) => entry.reason === "ExitCode");
  if (cause?.message === undefined) throw new Error(status.message ?? "unknown failure");
  return Number(cause.message);
}

class Text extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly #onText: ((text: string) => void) | undefined;

  constructor(onText?: (text: string) => void) {
    super();
    this.#onText = onText;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    this.#onText?.(chunk.toString("utf8"));
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}

/** The one line of an error of the Kubernetes client that says why. Its own message would print all headers. */
function reason(error: unknown): string {
  if (error instanceof ApiException) {
    const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(
      typeof error.body === "string" ? error.body : JSON.stringify(error.body ?? ""),
    )?.[1];
    return `HTTP ${error.code}${message === undefined ? "" : `: ${message.replaceAll('\\"', '"')}`}`;
  }
  if (error instanceof Error && error.cause !== undefined) return reason(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  return error instanceof Object && "message" in error ? String(error.message).trim() : String(error);
}
