// Which pods have a sidecar, and which should have one.
import { type ApiServer, succeeded } from "../kube/apiServer.ts";
import { queryOf } from "../kube/selection.ts";
import { unless } from "../kube/unless.ts";
import { INJECTION, REVISION } from "../mesh/sampleInjection.ts";
import { LIMITS } from "./limits.ts";

interface Meta {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Set by the webhook on each pod that it gave a proxy. */
export const INJECTED = "sidecar.istio.io/status";
const INJECT = "sidecar.istio.io/inject";
/** Most pods that are read as a whole to see whether they use their node's network. */
const READ_AT_MOST = 20;

export interface PodsOfMesh {
  /** As `namespace/name`. */
  readonly withSidecar: readonly string[];
  /** As `namespace/name`: running pods that ask for a sidecar, or whose namespace does, and have none. */
  readonly withoutSidecar: readonly string[];
}

export async function podsOfMesh(server: ApiServer): Promise<PodsOfMesh> {
  const list = async (path: string) =>
    succeeded<{ items: readonly Meta[] }>(await server.get(path, { ...LIMITS, metadata: "list" })).items;
  const [pods, namespaces] = await Promise.all([
    list(`/api/v1/pods?${queryOf({ fields: "status.phase=Running" })}`),
    // The program's account need not be allowed to. What pods ask for themselves is seen even so.
    list("/api/v1/namespaces").catch(unless(403)),
  ]);
  const injected = new Set((namespaces ?? []).filter(isInjected).map(({ metadata }) => metadata.name));
  const has = (pod: Meta) => pod.metadata.annotations?.[INJECTED] !== undefined;
  const missing = pods.filter((pod) => !has(pod) && isWanted(pod, injected));
  const read = await Promise.all(missing.slice(0, READ_AT_MOST).map((pod) => usesNodeNetwork(server, pod)));
  return {
    withSidecar: pods.filter(has).map(nameOf),
    withoutSidecar: missing.filter((_, index) => read[index] !== true).map(nameOf),
  };
}

const nameOf = ({ metadata }: Meta) => `${metadata.namespace}/${metadata.name}`;

/** As istiod's webhook selects namespaces: the older label wins. */
function isInjected({ metadata: { labels = {} } }: Meta): boolean {
  const injection = labels[INJECTION];
  return injection === undefined ? labels[REVISION] !== undefined : injection === "enabled";
}

function isWanted(
  { metadata: { labels = {}, annotations = {}, namespace = "" } }: Meta,
  injected: ReadonlySet<string>,
) {
  const own = labels[INJECT] ?? annotations[INJECT];
  return own === undefined ? injected.has(namespace) || labels[REVISION] !== undefined : own === "true";
}

/** Such pods get no sidecar. A pod that is gone by now needs none either, and of one that may not be read nothing is said. */
async function usesNodeNetwork(server: ApiServer, { metadata: { namespace, name } }: Meta): Promise<boolean> {
  const answer = await server.get(`/api/v1/namespaces/${namespace}/pods/${name}`, LIMITS);
  if (answer.status === 404 || answer.status === 403) return true;
  return succeeded<{ spec?: { hostNetwork?: boolean } }>(answer).spec?.hostNetwork === true;
}
