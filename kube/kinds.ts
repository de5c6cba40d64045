// Paths of kinds on an API server, from its discovery API.

import type { Limits } from "../net/retry.ts";
import { type ApiServer, succeeded } from "./apiServer.ts";

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Path of a kind's objects, or of one object; undefined if the API server does not know the kind. */
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
    // Forget a failed answer, so that the next call asks the server again.
    asked.catch(() => known.delete(root));
    const resource = (await asked).find((entry) => entry.kind === kind && !entry.name.includes("/"));
    if (resource === undefined) {
      // The CRD may be installed later, so ask again next time.
      known.delete(root);
      return undefined;
    }
    // Like kubectl, use "default" for a single object without a namespace.
    const inside = resource.namespaced ? (namespace ?? (name === undefined ? undefined : "default")) : undefined;
    return [root, ...(inside ? ["namespaces", inside] : []), resource.name, ...(name ? [name] : [])].join("/");
  };
}
