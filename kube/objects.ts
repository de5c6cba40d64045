// Reads and writes objects of any kind. Missing objects are no error, so every step can run twice.
import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";
import type { Named } from "../mesh/named.ts";
import type { Limits } from "../net/retry.ts";
import { ApiError, type ApiServer, itemsOf, type Method, succeeded } from "./apiServer.ts";
import { ignoreStatus } from "./ignoreStatus.ts";
import { kindsOf } from "./kinds.ts";
import { onEach } from "./onEach.ts";
import { queryOf, type Selection } from "./selection.ts";
import { shown } from "./shown.ts";
import { until } from "./until.ts";

export type { Named };

export interface NamespacedSelection extends Selection {
  readonly namespace?: string | undefined;
}

/** `merge` is a merge patch. `apply` is a server-side apply that takes over fields from other managers. */
const PATCHES = { merge: "application/merge-patch+json", apply: "application/apply-patch+yaml" };

/** The field manager of all writes. */
const MANAGER = "fieldManager=csp-mesh";

/** `Kind namespace/name`. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata?.namespace ? `${metadata.namespace}/` : ""}${metadata?.name}`;
}

/** The object's name with the messages of its conditions: a namespace's conditions say what blocks its deletion. */
function nameWithWhy(object: KubernetesObject): string {
  const { status } = object as { status?: { conditions?: { status: string; message?: string }[] } };
  const why = (status?.conditions ?? []).filter(({ status }) => status === "True").map(({ message }) => message);
  return shown([nameOf(object), ...why].join(": "));
}

/**
 * @param goneWithin longest wait for deletions, in seconds, to which the grace period of a namespace's pods is added
 * @param limits for each request; the signal also ends waits
 */
export function objectsOf(server: ApiServer, goneWithin = 120, limits: Limits = {}) {
  const pathOf = kindsOf(server, limits);

  /** @throws ApiError if the cluster does not know the kind, or refuses */
  async function write(
    method: Method,
    object: KubernetesObject,
    { query = MANAGER, body = object, type }: { query?: string; body?: object; type?: string } = {},
  ): Promise<void> {
    const { apiVersion = "", kind = "", metadata } = object;
    const own = await pathOf(apiVersion, kind, metadata);
    if (own === undefined) {
      throw new ApiError({ status: 404, body: { message: `the cluster does not know ${kind} of ${apiVersion}` } });
    }
    const path = method === "POST" ? own.slice(0, own.lastIndexOf("/")) : own;
    succeeded(await server.send(method, `${path}?${query}`, { body, ...(type && { type }) }, limits));
  }

  async function read<Kind extends KubernetesObject = Named>(
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ): Promise<(Kind & Named) | undefined> {
    const path = await pathOf(apiVersion, kind, { name, namespace });
    if (path === undefined) return undefined;
    const answer = await server.get(path, limits);
    return answer.status === 404 ? undefined : succeeded(answer);
  }

  async function list<Kind extends KubernetesObject = Named>(
    apiVersion: string,
    kind: string,
    { namespace, ...selection }: NamespacedSelection = {},
  ): Promise<(Kind & Named)[]> {
    const path = await pathOf(apiVersion, kind, { namespace });
    if (path === undefined) return [];
    const answer = await server.get(`${path}?${queryOf(selection)}`, limits);
    if (answer.status === 404) return [];
    // Items of a list have no `kind` and `apiVersion` of their own.
    return itemsOf<Kind & Named>(answer).map((item) => ({ ...item, apiVersion, kind }));
  }

  async function metadataOf(apiVersion: string, kind: string, namespace?: string): Promise<Named[]> {
    const path = await pathOf(apiVersion, kind, { namespace });
    const answer = path && (await server.get(path, { ...limits, metadata: "list" }));
    if (!answer || answer.status === 404) return [];
    return itemsOf<Named>(answer).map((item) => ({ ...item, apiVersion, kind }));
  }

  /**
   * @throws ApiError if it does not exist, or if another client has changed it since the resourceVersion in the patch
   */
  const merge = (object: KubernetesObject, patch: object) =>
    write("PATCH", object, { body: patch, type: PATCHES.merge });

  /** Longest termination grace period of pods in the namespaces among these objects, in seconds. */
  async function graceOf(objects: readonly KubernetesObject[]): Promise<number> {
    const namespaces = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata?.name);
    const pods = await Promise.all(namespaces.map((namespace) => list<V1Pod>("v1", "Pod", { namespace })));
    return Math.max(0, ...pods.flat().map(({ spec }) => spec?.terminationGracePeriodSeconds ?? 0));
  }

  /** The object, if it still exists. One of another UID was created by another client, such as a GitOps controller. */
  async function remaining({ apiVersion = "", kind = "", metadata }: KubernetesObject): Promise<Named | undefined> {
    const found = await read(apiVersion, kind, metadata?.name ?? "", metadata?.namespace);
    return metadata?.uid !== undefined && found?.metadata.uid !== metadata.uid ? undefined : found;
  }

  async function sendDeletion(object: KubernetesObject, options: { propagationPolicy?: string } = {}): Promise<void> {
    const uid = object.metadata?.uid;
    const body = { ...options, ...(uid !== undefined && { preconditions: { uid } }) };
    await write("DELETE", object, { query: "", body })
      .catch(ignoreStatus(404))
      .catch(async (error) => {
        // The API server answers 409 if the UID differs, but also for other conflicts.
        if (!(error instanceof ApiError && error.status === 409) || (await remaining(object))) throw error;
      });
  }

  return {
    read,
    /** @throws Error if it does not exist */
    async existing<Kind extends KubernetesObject>(...id: Parameters<typeof read>): Promise<Kind & Named> {
      const found = await read<Kind>(...id);
      const [, kind, name, namespace] = id;
      if (found === undefined) throw new Error(`there is no ${kind} ${namespace ? `${namespace}/` : ""}${name}`);
      return found;
    },
    /** All objects of a kind; none if the cluster does not know the kind. */
    list,
    /** Names of all objects of a kind; none if the cluster does not know the kind. */
    async names(apiVersion: string, kind: string, namespace?: string): Promise<ReadonlySet<string>> {
      return new Set((await metadataOf(apiVersion, kind, namespace)).map(({ metadata }) => metadata.name));
    },
    /** Metadata of all objects of a kind; none if the cluster does not know the kind. */
    metadataOf,
    /** The last log lines of a container or, if it crashed, of its previous run. */
    async log(
      namespace: string,
      pod: string,
      lines: number,
      { container, previous = false }: { readonly container?: string; readonly previous?: boolean } = {},
    ): Promise<string> {
      const query = new URLSearchParams({
        tailLines: `${lines}`,
        previous: `${previous}`,
        ...(container && { container }),
      });
      const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`;
      return succeeded(await server.get(path, { ...limits, isText: true }));
    },
    /** @throws ApiError if it already exists */
    create: (object: Named) => write("POST", object),
    /** @throws ApiError if it does not exist, or has changed since it was read */
    replace: (object: KubernetesObject) => write("PUT", object),
    /** Server-side apply with force: creates the object, or sets its fields and takes over conflicting ones. */
    apply: (object: Named) => write("PATCH", object, { query: `${MANAGER}&force=true`, type: PATCHES.apply }),
    merge,
    /** Does nothing if the object no longer exists. */
    async patchMetadata(object: KubernetesObject, patch: object): Promise<void> {
      await merge(object, { metadata: patch }).catch(ignoreStatus(404));
    },
    /** Deletes the object with this UID, if it still exists. Does not wait for the deletion. */
    delete: (object: KubernetesObject) => sendDeletion(object),
    /** Deletes the objects with these UIDs and waits until none exists. */
    async remove(objects: readonly KubernetesObject[]): Promise<void> {
      // A gateway's pods may drain for an hour, and deleting their namespace waits for them.
      const seconds = goneWithin + (await graceOf(objects));
      await onEach(objects, (object) => {
        // A Deployment counts as gone when its pods are.
        return sendDeletion(object, { propagationPolicy: object.kind === "Deployment" ? "Foreground" : "Background" });
      });
      const left = await until(
        async () => (await Promise.all(objects.map(remaining))).filter((object) => object !== undefined),
        (rest) => rest.length === 0,
        { deadline: seconds * 1_000, signal: limits.signal },
      );
      if (left.length > 0) throw new Error(`still there after ${seconds} s: ${left.map(nameWithWhy).join("; ")}`);
    },
  };
}

export type Objects = ReturnType<typeof objectsOf>;
