// All objects in a namespace that the program did not create and that would be deleted with it.
import type { KubernetesObject } from "@kubernetes/client-node";
import { isByproductKind } from "../mesh/byproducts.ts";
import { foreignAmong } from "../mesh/foreign.ts";
import { type ApiServer, succeeded } from "./apiServer.ts";
import { type NamespacedKind, namespacedKinds, type Unreadable, unreadable } from "./discovery.ts";
import { mapLimited } from "./mapLimited.ts";
import { type Named, nameOf } from "./objects.ts";
import { until } from "./until.ts";

/** An object that the program did not create: `apiVersion`, `kind`, name, namespace and UID. */
export interface ForeignObject extends Named {
  /** `Kind name` of an owner that is being deleted or does not exist in the namespace. */
  readonly missingOwner?: string;
}

/** The namespace may be deleted only if both lists are empty. */
export interface NamespaceContents {
  /** Sorted by `nameOf`: `Kind namespace/name`. */
  readonly foreign: readonly ForeignObject[];
  /** Kinds that could not be listed and may have objects. */
  readonly unreadable: readonly Unreadable[];
}

export interface ForeignOptions {
  /**
   * Longest time to repeat the look, in ms: while owners are missing (their dependents may be deleted soon), and while
   * the server does not answer for some kinds.
   * @default 10 s
   */
  readonly settle?: number;
  readonly signal?: AbortSignal;
}

const PAGE = 500;

interface Page {
  readonly metadata?: { readonly continue?: string };
  /** Null in an empty PartialObjectMetadataList. */
  readonly items?: readonly Named[] | null;
}

/** @throws ApiError, TimedOut, or Error if the API server does not list its kinds */
export async function foreignIn(
  { server }: { readonly server: ApiServer },
  namespace: string,
  isOurs: (object: KubernetesObject) => boolean,
  { settle = 10_000, signal }: ForeignOptions = {},
): Promise<NamespaceContents> {
  return until(
    () => look(server, namespace, isOurs),
    ({ foreign, unreadable }) =>
      foreign.every(({ missingOwner }) => missingOwner === undefined) &&
      unreadable.every(({ isTransient }) => !isTransient),
    { deadline: settle, interval: 1_000, ...(signal && { signal }) },
  );
}

async function look(
  server: ApiServer,
  namespace: string,
  isOurs: (object: KubernetesObject) => boolean,
): Promise<NamespaceContents> {
  const known = await namespacedKinds(server);
  const unread = [...known.unreadable];
  const lists = await mapLimited(
    known.kinds.filter((kind) => !isByproductKind(kind)),
    (kind) =>
      objectsOfKind(server, kind, namespace).catch((error: unknown) => {
        unread.push(unreadable(kind.title, error));
        return [];
      }),
  );
  const foreign = foreignAmong(lists.flat(), isOurs).map(({ object: { apiVersion, kind, metadata }, ...why }) => {
    // Drop annotations, because `kubectl apply` stores whole Secrets in one.
    const { name, uid } = metadata;
    return {
      apiVersion,
      kind,
      metadata: { name, namespace, ...(uid !== undefined && { uid }) },
      ...why,
    } as ForeignObject;
  });
  return {
    foreign: foreign.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1)),
    unreadable: unread.toSorted((one, other) => (one.what < other.what ? -1 : 1)),
  };
}

async function objectsOfKind(
  server: ApiServer,
  { apiVersion, kind, pathIn }: NamespacedKind,
  namespace: string,
): Promise<Named[]> {
  const ask = (query: string) => server.get(`${pathIn(namespace)}${query}`, { metadata: "list" });
  const objects: Named[] = [];
  for (let token = ""; ; ) {
    const answer = await ask(`?limit=${PAGE}${token && `&continue=${encodeURIComponent(token)}`}`);
    // The CRD has just been deleted.
    if (answer.status === 404) return [];
    const hasExpired = answer.status === 410 && token !== "";
    if (hasExpired) objects.length = 0;
    const { items, metadata } = succeeded<Page>(hasExpired ? await ask("") : answer);
    for (const { metadata } of items ?? []) objects.push({ apiVersion, kind, metadata });
    const next = metadata?.continue ?? "";
    if (next === "") return objects;
    if (next === token) throw new Error("the server returns the same page of its list again");
    token = next;
  }
}
