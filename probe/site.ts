// The probe's namespace in one cluster, with a service account whose token peers test, and a pod from which peers are
// tested.
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { V1ConfigMap, V1Namespace, V1NamespaceList, V1Pod, V1Secret } from "@kubernetes/client-node";
import { ApiError, type AskOptions, isTransient } from "../kube/apiServer.ts";
import { ignoreStatus } from "../kube/ignoreStatus.ts";
import { startState } from "../kube/podState.ts";
import { shown } from "../kube/shown.ts";
import { until } from "../kube/until.ts";
import { OWNER, ownerLabel } from "../mesh/claim.ts";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import type { Limits } from "../net/retry.ts";
import type { Api } from "./api.ts";
import {
  loginSecret,
  namespaceOf,
  type PodOptions,
  PROBE,
  PROBE_LABEL,
  type Prober,
  podOf,
  serviceAccount,
} from "./manifests.ts";
import { listens } from "./tunnel.ts";

/** Lifetime of a token, in seconds. An API server issues none with a shorter one. */
const TOKEN_SECONDS = 600;
/** Interval between two reads of a pod, or between two tries of a deletion, in milliseconds. */
const INTERVAL = 100;
/**
 * Interval between two reads of a terminating namespace, which takes seconds. It is long because nothing waits for it,
 * and other work runs meanwhile.
 */
const GOING_INTERVAL = 1_000;
/**
 * Number of direct connection attempts to a new pod. If its image must be pulled, its start takes longer than a second
 * anyway.
 */
const EARLY_LOOKS = 20;
/**
 * Time until a kubelet has retried a pull, in milliseconds: it waits 10 s before. Its first try may fail because it has
 * not read the new login yet.
 */
const SECOND_PULL = 15_000;
/** Age at which a namespace belongs to a killed probe, in seconds: longer than any probe runs. */
const LEFTOVER_SECONDS = 600;
/** Longest wait for the deletion of a namespace, in milliseconds. */
const REMOVAL_TIMEOUT = 30_000;
/** The same if it is uncertain whether the namespace was created, because nothing answered. */
const UNCERTAIN_TIMEOUT = 5_000;

/** Errors that prove that a request was not sent. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** A pod does not run. The message is the kubelet's or the scheduler's. */
export class PodFailed extends Error {}

/** Credentials with which peers test the API server. */
export interface Credentials {
  /** Secret. */
  readonly token: string;
  /** The cluster's own CA, as PEM. */
  readonly ca: string | undefined;
}

export class Site {
  readonly namespace = `${PROBE}-${randomBytes(4).toString("hex")}`;
  readonly #api: Api;
  readonly #by: Prober;
  readonly #signal: AbortSignal;
  /**
   * A pending creation. The deletion waits for it, because an aborted creation might still succeed after the deletion.
   */
  #making: Promise<unknown> | undefined;
  /** Whether the namespace exists; `perhaps` if the answer to its creation was lost. */
  #exists: boolean | "perhaps" = false;

  /** @param signal prevents further creations, but never the deletion */
  constructor(api: Api, by: Prober, signal: AbortSignal) {
    this.#api = api;
    this.#by = by;
    this.#signal = signal;
  }

  /** Creates the namespace and the objects needed to log in. @throws the API server's message */
  async open(): Promise<void> {
    this.#signal.throwIfAborted();
    this.#exists = "perhaps";
    try {
      await this.#make("/api/v1/namespaces", namespaceOf(this.namespace, this.#by));
      this.#exists = true;
    } catch (error) {
      const isRefused = error instanceof ApiError && !isTransient(error);
      if (isRefused || NEVER_SENT.has((error as NodeJS.ErrnoException).code ?? "")) this.#exists = false;
      throw error;
    }
    await this.#make(this.#path("serviceaccounts"), serviceAccount);
  }

  async credentials(): Promise<Credentials> {
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest" };
    const [answer, ca] = await Promise.all([
      this.#post<{ status: { token: string } }>(this.#path(`serviceaccounts/${PROBE}/token`), {
        ...body,
        spec: { expirationSeconds: TOKEN_SECONDS },
      }),
      this.#ca(),
    ]);
    return { token: answer.status.token, ca };
  }

  /** Starts the pod and waits until it runs. @throws PodFailed */
  async run(options: PodOptions): Promise<void> {
    await this.#logins(options);
    await this.#make(this.#path("pods"), podOf(options));
    const deadline = Date.now() + options.awaitSeconds * 1_000;
    const patience = options.pullSecrets.length > 0 ? SECOND_PULL : 0;
    let notPulled: number | undefined;
    for (let look = 0; ; look++) {
      const path = this.#path(`pods/${PROBE}`);
      const within = Math.max(0, deadline - Date.now());
      const state = startState(await this.#get<V1Pod>(path, { within }));
      if (state.kind === "running") return;
      if (state.kind === "failed") {
        notPulled ??= Date.now();
        if (!state.isPull || Date.now() - notPulled >= patience) throw new PodFailed(state.said);
      }
      // Connect directly as well, because a kubelet updates a pod's status only once a second.
      if (look < EARLY_LOOKS && (await listens({ api: this.#api, namespace: this.namespace }, this.#signal))) return;
      if (Date.now() >= deadline) throw new PodFailed(`it does not run after ${options.awaitSeconds} s: ${state.said}`);
      await pause(INTERVAL, undefined, { signal: this.#signal });
    }
  }

  /** Requests the deletion of the namespace with all its objects. @throws Error with the reason if this fails */
  async delete(): Promise<void> {
    await this.#making?.catch(() => {});
    if (this.#exists === false) return;
    // Delete the pod first: the namespace's deletion would wait for it longest.
    await this.#remove(this.#path(`pods/${PROBE}`), { tries: 1 }).catch(() => {});
    await this.#until(this.#exists === true ? REMOVAL_TIMEOUT : UNCERTAIN_TIMEOUT, async (left) => {
      await this.#remove(this.#self, left);
      return true;
    });
  }

  /** Waits until the namespace is gone; the namespace controller takes at least five seconds. @throws as `delete` */
  async gone(): Promise<void> {
    if (this.#exists === false) return;
    let last = "it is still Terminating";
    const look = async (left: Limits) => {
      const { status } = await this.#api.request<V1Namespace>("GET", this.#self, undefined, left);
      const failing = status?.conditions?.find(({ status, type }) => status === "True" && /Failure$/.test(type));
      last = failing?.message ? shown(failing.message) : last;
      return false;
    };
    const isGone = await this.#until(REMOVAL_TIMEOUT, look, GOING_INTERVAL);
    if (!isGone) throw new Error(last);
  }

  /** Repeats until `look` returns true or the namespace does not exist. @throws the last error if no look succeeded */
  async #until(deadline: number, look: (left: Limits) => Promise<boolean>, interval = INTERVAL): Promise<boolean> {
    const lookAtNamespace = async (left: Limits) => {
      try {
        return await look(left);
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
        this.#exists = false;
        return true;
      }
    };
    try {
      return await until(lookAtNamespace, (holds) => holds, { deadline, interval });
    } catch (error) {
      // Another finding already reports that the cluster does not answer.
      if (this.#exists !== "perhaps" || error instanceof ApiError) throw error;
      this.#exists = false;
      return true;
    }
  }

  get #self(): string {
    return `/api/v1/namespaces/${this.namespace}`;
  }

  #path(rest: string): string {
    return `${this.#self}/${rest}`;
  }

  /** A conflict means that an earlier try, whose answer was lost, has created the object. */
  async #make(path: string, body: object): Promise<void> {
    await this.#post(path, body).catch(ignoreStatus(409));
  }

  #post<Answer>(path: string, body: object): Promise<Answer> {
    this.#signal.throwIfAborted();
    const making = this.#api.request<Answer>("POST", path, body, { signal: this.#signal, finishes: true });
    this.#making = Promise.allSettled([this.#making, making]);
    return making;
  }

  #get<Answer>(path: string, options: AskOptions = {}): Promise<Answer> {
    return this.#api.request("GET", path, undefined, { signal: this.#signal, ...options });
  }

  #remove(path: string, limits: Limits): Promise<unknown> {
    const body = { kind: "DeleteOptions", apiVersion: "v1", gracePeriodSeconds: 0 };
    return this.#api.request("DELETE", path, body, limits);
  }

  /** The CA in the cluster's own ConfigMap, as peers get it. If the account may not read it, the kubeconfig's CA. */
  async #ca(): Promise<string | undefined> {
    const path = "/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt";
    try {
      return (await this.#get<V1ConfigMap>(path)).data?.["ca.crt"] ?? this.#api.ca;
    } catch {
      return this.#api.ca;
    }
  }

  /** Creates the pull secrets, from logins or as copies of existing Secrets in istiod's namespace. */
  async #logins({ pullSecrets }: PodOptions): Promise<void> {
    await Promise.all(
      pullSecrets.map(async ({ name, login }) => {
        const secret = login ? loginSecret(name, login) : await this.#existing(name);
        if (secret) await this.#make(this.#path("secrets"), secret);
      }),
    );
  }

  async #existing(name: string): Promise<V1Secret | undefined> {
    const path = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/secrets/${name}`;
    const found = await this.#get<V1Secret>(path).catch(() => undefined);
    return found && ({ type: found.type, metadata: { name }, data: found.data } as V1Secret);
  }
}

/**
 * Deletes leftovers of killed probes.
 *
 * @param by kind of the current probe
 * @param own namespace of the current probe
 */
export async function removeLeftovers(api: Api, { by, owner }: Prober, own: string): Promise<void> {
  const { items } = await api.request<V1NamespaceList>("GET", `/api/v1/namespaces?labelSelector=${PROBE_LABEL}`);
  // Compare with the cluster's clock, because this machine's may be ahead.
  const made = items.find(({ metadata }) => metadata?.name === own)?.metadata?.creationTimestamp;
  const now = made === undefined ? Date.now() : new Date(made).getTime();
  const left = items.filter(({ metadata }) => {
    if (metadata?.name === own || metadata?.deletionTimestamp !== undefined) return false;
    const labels = metadata?.labels ?? {};
    // Only one `up` of a stack runs at a time, so a leftover of this stack's `up` has no running probe. Leftovers of
    // other stacks are not touched.
    if (by === "up" && owner !== undefined && labels[PROBE_LABEL] === by && labels[OWNER] === ownerLabel(owner))
      return true;
    // Creation timestamps have a resolution of one second.
    return now - new Date(metadata?.creationTimestamp ?? now).getTime() >= LEFTOVER_SECONDS * 1_000;
  });
  await Promise.all(left.map(({ metadata }) => api.request("DELETE", `/api/v1/namespaces/${metadata?.name}`)));
}
