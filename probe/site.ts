// The probe's own namespace in one cluster: an account whose token peers try, and a pod from which peers are tried.
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { V1ConfigMap, V1Namespace, V1NamespaceList, V1Pod, V1Secret } from "@kubernetes/client-node";
import { ApiError, type AskOptions, isTransient } from "../kube/apiServer.ts";
import { startState } from "../kube/podState.ts";
import type { Limits } from "../kube/retry.ts";
import { shown } from "../kube/shown.ts";
import { unless } from "../kube/unless.ts";
import { until } from "../kube/until.ts";
import { OWNER, ownerLabel } from "../mesh/claim.ts";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
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

/** Life of a token, in seconds: the shortest that an API server issues. */
const TOKEN_SECONDS = 600;
/** Time between two looks at a pod, or between two tries of a deletion, in milliseconds. */
const INTERVAL = 100;
/** The same at a namespace that goes, which takes seconds: nobody waits for it, and others work meanwhile. */
const GOING_INTERVAL = 1_000;
/** How often the pod is asked itself: where its image is still to be pulled, that takes longer than a second. */
const EARLY_LOOKS = 20;
/**
 * Time until a kubelet has pulled once more, in milliseconds: it waits 10 s before. The first time it may have been too busy to
 * read the login that was made a moment before.
 */
const SECOND_PULL = 15_000;
/** Age at which a namespace of the probe belongs to one that was killed, in seconds: longer than any takes. */
const LEFTOVER_SECONDS = 600;
/** Longest wait until a namespace is gone, in milliseconds. */
const REMOVAL_TIMEOUT = 30_000;
/** The same where the namespace may never have been made, because nothing answered. */
const UNCERTAIN_TIMEOUT = 5_000;

/** Errors after which a request cannot have got there. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** A pod that does not run, in the kubelet's or the scheduler's words. */
export class PodFailed extends Error {}

/** What a peer needs to be let in. */
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
  /** What is being made: never given up half way, or it would come to be after the removal. */
  #making: Promise<unknown> | undefined;
  /** Whether the namespace is there, as far as is known: an answer may have been lost. */
  #exists: boolean | "perhaps" = false;

  /** @param signal ends what has not been begun yet, but never the removal */
  constructor(api: Api, by: Prober, signal: AbortSignal) {
    this.#api = api;
    this.#by = by;
    this.#signal = signal;
  }

  /** Makes the namespace, and in it what logs in. @throws what the API server says */
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

  /** Starts the pod and waits until it runs, or shows that it does. @throws PodFailed */
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
      // A kubelet looks at what it has started only once a second.
      if (look < EARLY_LOOKS && (await listens({ api: this.#api, namespace: this.namespace }, this.#signal))) return;
      if (Date.now() >= deadline) throw new PodFailed(`it does not run after ${options.awaitSeconds} s: ${state.said}`);
      await pause(INTERVAL, undefined, { signal: this.#signal });
    }
  }

  /** Deletes all of it: from then on it goes by itself. @throws Error that says what keeps it */
  async delete(): Promise<void> {
    await this.#making?.catch(() => {});
    if (this.#exists === false) return;
    // At once: a pod's end is what a namespace waits for longest.
    await this.#remove(this.#path(`pods/${PROBE}`), { tries: 1 }).catch(() => {});
    await this.#until(this.#exists === true ? REMOVAL_TIMEOUT : UNCERTAIN_TIMEOUT, async (left) => {
      await this.#remove(this.#self, left);
      return true;
    });
  }

  /** Waits until nothing of it is left: no less than five seconds, with the namespace controller. @throws as `delete` */
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

  /** Looks until it holds or the namespace is not there. @throws the last error, where that was all there was */
  async #until(deadline: number, look: (left: Limits) => Promise<boolean>, interval = INTERVAL): Promise<boolean> {
    const lookThere = async (left: Limits) => {
      try {
        return await look(left);
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
        this.#exists = false;
        return true;
      }
    };
    try {
      return await until(lookThere, (holds) => holds, { deadline, interval });
    } catch (error) {
      // That a cluster does not answer is told already.
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

  /** A try whose answer was lost may have made it: then it is there already. */
  async #make(path: string, body: object): Promise<void> {
    await this.#post(path, body).catch(unless(409));
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

  /** As peers get it: where nobody may read that, what the kubeconfig trusts. */
  async #ca(): Promise<string | undefined> {
    const path = "/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt";
    try {
      return (await this.#get<V1ConfigMap>(path)).data?.["ca.crt"] ?? this.#api.ca;
    } catch {
      return this.#api.ca;
    }
  }

  /** A Secret that somebody made is taken over from where the mesh's pods find it. */
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
 * Removes what probes left that were killed: they had no time to do it.
 *
 * @param by who probes now, in a namespace of its own
 */
export async function removeLeftovers(api: Api, { by, owner }: Prober, own: string): Promise<void> {
  const { items } = await api.request<V1NamespaceList>("GET", `/api/v1/namespaces?labelSelector=${PROBE_LABEL}`);
  // By the cluster's clock, as the ages are: this machine's may be ahead.
  const made = items.find(({ metadata }) => metadata?.name === own)?.metadata?.creationTimestamp;
  const now = made === undefined ? Date.now() : new Date(made).getTime();
  const left = items.filter(({ metadata }) => {
    if (metadata?.name === own || metadata?.deletionTimestamp !== undefined) return false;
    const labels = metadata?.labels ?? {};
    // Pulumi runs one `up` of a stack at a time: another one's is dead. Another stack's is not this one's to remove.
    if (by === "up" && owner !== undefined && labels[PROBE_LABEL] === by && labels[OWNER] === ownerLabel(owner))
      return true;
    // Milliseconds have become seconds in it.
    return now - new Date(metadata?.creationTimestamp ?? now).getTime() >= LEFTOVER_SECONDS * 1_000;
  });
  await Promise.all(left.map(({ metadata }) => api.request("DELETE", `/api/v1/namespaces/${metadata?.name}`)));
}
