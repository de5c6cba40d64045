// Where an API server has the objects of a kind, as it says itself.
import { type ApiServer, succeeded } from "./apiServer.ts";
import type { Limits } from "./retry.ts";

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Path of a kind's objects, or of one of them; undefined where the API server does not know the kind. */
export type PathOf = (
  apiVersion: string,
  kind: string,
  where?: { readonly name?: string | undefined; readonly namespace?: string | undefined },
) => Promise<string | undefined>;

export function kindsOf(server: ApiServer, limits: Limits = {}): PathOf {
  const known = new Map<string, Promise<readonly Resource[]>>();

  async function resourcesOf(root: string): Promise<readonly Resource[]> {
    const answer = await server.get(root, limits);
    if (answer.status === 404) return [];
    return succeeded<{ resources: readonly Resource[] }>(answer).resources;
  }

  return async (apiVersion, kind, { name, namespace } = {}) => {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const asked = known.get(root) ?? resourcesOf(root);
    known.set(root, asked);
    // Whoever looks again after an error asks again.
    asked.catch(() => known.delete(root));
    const resource = (await asked).find((entry) => entry.kind === kind && !entry.name.includes("/"));
    if (resource === undefined) {
      // Its definition may come.
      known.delete(root);
      return undefined;
    }
    // As kubectl, where a single object names none.
    const inside = resource.namespaced ? (namespace ?? (name === undefined ? undefined : "default")) : undefined;
    return [root, ...(inside ? ["namespaces", inside] : []), resource.name, ...(name ? [name] : [])].join("/");
  };
}
