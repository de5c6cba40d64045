// Finds pods with a sidecar, and pods that should have one.
import { type ApiServer, itemsOf, succeeded } from "../kube/apiServer.ts";
import { ignoreStatus } from "../kube/ignoreStatus.ts";
import { queryOf } from "../kube/selection.ts";
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

/** Annotation that the webhook sets on each injected pod. */
export const INJECTED = "sidecar.istio.io/status";
const INJECT = "sidecar.istio.io/inject";
/** Most pods that are read completely, to see whether they use the host network. */
const READ_AT_MOST = 20;

export interface PodsOfMesh {
  /** As `namespace/name`. */
  readonly withSidecar: readonly string[];
  /** As `namespace/name`: running pods without a sidecar whose labels or namespace request injection. */
  readonly withoutSidecar: readonly string[];
}

export async function podsOfMesh(server: ApiServer): Promise<PodsOfMesh> {
  const list = async (path: string) => itemsOf<Meta>(await server.get(path, { ...LIMITS, metadata: "list" }));
  const [pods, namespaces] = await Promise.all([
    list(`/api/v1/pods?${queryOf({ fields: "status.phase=Running" })}`),
    // The account may lack this right. Injection that pods themselves request is found anyway.
    list("/api/v1/namespaces").catch(ignoreStatus(403)),
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

/** Evaluates labels like istiod's webhook: `istio-injection` overrides `istio.io/rev`. */
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

/**
 * Pods on the host network get no sidecar. Returns true as well for a pod that no longer exists or may not be read, so
 * that it is not reported.
 */
async function usesNodeNetwork(server: ApiServer, { metadata: { namespace, name } }: Meta): Promise<boolean> {
  const answer = await server.get(`/api/v1/namespaces/${namespace}/pods/${name}`, LIMITS);
  if (answer.status === 404 || answer.status === 403) return true;
  return succeeded<{ spec?: { hostNetwork?: boolean } }>(answer).spec?.hostNetwork === true;
}
