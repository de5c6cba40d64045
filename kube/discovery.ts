// The namespaced kinds of an API server, from its discovery API.
import { ApiError, type ApiServer, isTransient, succeeded } from "./apiServer.ts";
import { mapLimited } from "./mapLimited.ts";
import { isDnsName } from "./shown.ts";

export interface NamespacedKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The name that kubectl uses: `secrets`, `certificates.cert-manager.io`. */
  readonly title: string;
  pathIn(namespace: string): string;
}

/** Kinds whose objects could not be listed. */
export interface Unreadable {
  /** A kind's {@link NamespacedKind.title}, or all kinds of one `group/version`. */
  readonly what: string;
  readonly why: string;
  /** Whether another try may succeed in a moment. */
  readonly isTransient: boolean;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** The resources in one version of an API group. */
interface Served {
  readonly groupVersion: string;
  readonly resources: readonly Resource[];
  readonly unreadable?: Unreadable;
}

interface AggregatedGroup {
  readonly metadata: { readonly name?: string };
  readonly versions: readonly {
    readonly version: string;
    readonly freshness?: string;
    readonly resources?: readonly {
      readonly resource: string;
      readonly responseKind?: { readonly kind?: string } | null;
      readonly scope: string;
      readonly verbs: readonly string[];
    }[];
  }[];
}

/**
 * One answer with all groups, since Kubernetes 1.30, and as a beta before. Older servers ignore this and answer in
 * their own form.
 */
const AGGREGATED = [
  ...["v2", "v2beta1"].map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`),
  "application/json",
].join(",");

/**
 * All kinds whose objects are in a namespace and are deleted with it, each in one version.
 *
 * @throws ApiError, TimedOut, or Error if there is no answer
 */
export async function namespacedKinds(
  server: ApiServer,
): Promise<{ readonly kinds: readonly NamespacedKind[]; readonly unreadable: readonly Unreadable[] }> {
  const served = (await Promise.all([servedAt(server, "/api"), servedAt(server, "/apis")])).flat();
  const kinds = new Map<string, NamespacedKind>();
  for (const { groupVersion, resources } of served) {
    for (const { name, kind, namespaced, verbs } of resources) {
      const title = [name, ...groupVersion.split("/").slice(0, -1)].join(".");
      // Kinds that cannot be deleted are not deleted with their namespace (Kubernetes,
      // pkg/controller/namespace/deletion): they are views, such as PodMetrics and PackageManifests.
      const isDeletable = namespaced && !name.includes("/") && verbs.includes("list") && verbs.includes("delete");
      // The server lists versions in its order of preference, so the first one counts.
      if (!isDeletable || kinds.has(title)) continue;
      const pathIn = (namespace: string) => `${rootOf(groupVersion)}/namespaces/${namespace}/${name}`;
      kinds.set(title, { apiVersion: groupVersion, kind, title, pathIn });
    }
  }
  return { kinds: [...kinds.values()], unreadable: served.flatMap(({ unreadable }) => unreadable ?? []) };
}

export function unreadable(what: string, error: unknown): Unreadable {
  return { what, why: (error as Error).message, isTransient: !(error instanceof ApiError) || isTransient(error) };
}

const rootOf = (groupVersion: string) => `${groupVersion.includes("/") ? "/apis" : "/api"}/${groupVersion}`;

async function servedAt(server: ApiServer, root: "/api" | "/apis"): Promise<Served[]> {
  const answer = succeeded<{
    readonly kind: string;
    readonly items?: readonly AggregatedGroup[];
    readonly versions?: readonly string[];
    readonly groups?: readonly { readonly versions: readonly { readonly groupVersion: string }[] }[];
  }>(await server.get(root, { accept: AGGREGATED }));
  if (answer.kind === "APIGroupDiscoveryList") return (answer.items ?? []).flatMap(servedBy);
  const grouped = (answer.groups ?? []).flatMap(({ versions }) => versions.map(({ groupVersion }) => groupVersion));
  return mapLimited([...(answer.versions ?? []), ...grouped], (groupVersion) => servedIn(server, groupVersion));
}

function servedBy({ metadata, versions }: AggregatedGroup): Served[] {
  return versions.map(({ version, freshness, resources = [] }) => {
    const groupVersion = metadata.name ? `${metadata.name}/${version}` : version;
    if (freshness === "Stale") {
      const service = `${version}.${metadata.name}`;
      const hint = isDnsName(service) ? `; see "kubectl get apiservice ${service}"` : "";
      const why = `the server behind it does not answer${hint}`;
      return { groupVersion, resources: [], unreadable: { what: groupVersion, why, isTransient: true } };
    }
    // An entry without a kind only holds subresources.
    const listed = resources.flatMap(({ resource: name, responseKind, scope, verbs }) =>
      responseKind?.kind ? { name, kind: responseKind.kind, namespaced: scope === "Namespaced", verbs } : [],
    );
    return { groupVersion, resources: listed };
  });
}

async function servedIn(server: ApiServer, groupVersion: string): Promise<Served> {
  try {
    const answer = await server.get(rootOf(groupVersion));
    // The group's CRDs have just been deleted.
    if (answer.status === 404) return { groupVersion, resources: [] };
    return { groupVersion, resources: succeeded<{ resources?: Resource[] }>(answer).resources ?? [] };
  } catch (error) {
    return { groupVersion, resources: [], unreadable: unreadable(groupVersion, error) };
  }
}
