// Objects of any kind, and no error for what is not there: every step of a hook can run twice.
import { setTimeout as pause } from "node:timers/promises";
import {
  ApiException,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { until } from "../checks/until.ts";

/** Longest wait for deleted objects to be gone, in ms: a namespace ends with its last pod. */
const GONE_WITHIN = 120_000;

export type Named = KubernetesObject & { readonly metadata: { readonly name: string; readonly namespace?: string } };

export interface Selection {
  readonly namespace?: string;
  readonly labels?: string;
  readonly fields?: string;
}

const isMissing = (error: unknown) => error instanceof ApiException && error.code === 404;

/** Requests that an API server may ask to be made later, as many as client-go makes. */
const TRIES = 10;

/** A kind whose definition came a moment ago, or a server that is busy, answers 429 and says when to come back. */
async function patiently<T>(request: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ApiException && error.code === 429) || tries === TRIES) throw error;
      await pause(Number(error.headers["retry-after"] ?? 1) * 1000);
    }
  }
}

/** What a result of the API server is, or nothing where it has no such object or kind. */
async function orNothing<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await patiently(request);
  } catch (error) {
    // The client's own words for a kind that discovery does not list.
    if (isMissing(error) || /^Unrecognized API version and kind/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** `Kind namespace/name`. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata?.namespace ? `${metadata.namespace}/` : ""}${metadata?.name}`;
}

/** With what its conditions say: a namespace tells there what holds it up. */
function nameWithWhy(object: KubernetesObject): string {
  const { status } = object as { status?: { conditions?: { status: string; message?: string }[] } };
  const why = (status?.conditions ?? []).filter(({ status }) => status === "True").map(({ message }) => message);
  return [nameOf(object), ...why].join(": ");
}

export function objectsOf(cluster: KubeConfig) {
  const api = KubernetesObjectApi.makeApiClient(cluster);

  const read = (apiVersion: string, kind: string, name: string, namespace?: string) =>
    orNothing(() => api.read({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } })) as Promise<
      Named | undefined
    >;

  const reread = ({ apiVersion = "", kind = "", metadata }: KubernetesObject) =>
    read(apiVersion, kind, metadata?.name ?? "", metadata?.namespace);

  return {
    read,
    /** All of a kind, or none where the cluster does not know it. */
    async list(apiVersion: string, kind: string, { namespace, labels, fields }: Selection = {}): Promise<Named[]> {
      const request = () => api.list(apiVersion, kind, namespace, undefined, undefined, undefined, fields, labels);
      const items = (await orNothing<KubernetesListObject<KubernetesObject>>(request))?.items ?? [];
      return items.map((item) => ({ ...item, apiVersion, kind }) as Named);
    },
    async create(object: Named): Promise<void> {
      await patiently(() => api.create(object));
    },
    /** Creates it, or makes it what it says, whoever else set its fields. */
    async apply(object: Named): Promise<void> {
      await api.patch(object, undefined, undefined, "csp-mesh", true, PatchStrategy.ServerSideApply);
    },
    async patchMetadata({ apiVersion, kind, metadata }: KubernetesObject, patch: object): Promise<void> {
      const { name, namespace } = metadata ?? {};
      const body = { apiVersion, kind, metadata: { name, ...(namespace && { namespace }), ...patch } };
      await orNothing(() =>
        api.patch(body as Named, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch),
      );
    },
    /** Deletes all of them and waits until the last is gone. */
    async remove(objects: readonly KubernetesObject[]): Promise<void> {
      await Promise.all(
        objects.map((object) => {
          // A Deployment counts as gone when its pods are.
          const propagation = object.kind === "Deployment" ? "Foreground" : "Background";
          return orNothing(() => api.delete(object, undefined, undefined, undefined, undefined, propagation));
        }),
      );
      const left = await until(
        async () => (await Promise.all(objects.map(reread))).filter((object) => object !== undefined),
        (rest) => rest.length === 0,
        { deadline: GONE_WITHIN },
      );
      if (left.length > 0)
        throw new Error(`still there after ${GONE_WITHIN / 1000} s: ${left.map(nameWithWhy).join("; ")}`);
    },
  };
}

export type Objects = ReturnType<typeof objectsOf>;
