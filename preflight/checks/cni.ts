// The network of the pods, as far as Istio has wishes.
import { type Entries, ISTIO_SETTINGS, MEMORY, planPatch } from "../../hooks/ciliumSettings.ts";
import type { Check } from "../cluster.ts";
import { fieldOf } from "../settings.ts";
import { isMeshNamespace, namespaceOf } from "./namespaces.ts";

const CILIUM = "cilium";
/** Labels `k8s-app` of the daemons of CNIs, as their own charts have them. */
const LABELS = [CILIUM, "calico-node", "canal", "antrea-agent", "aws-node", "kube-router"];
const DAEMONS = `/apis/apps/v1/daemonsets?labelSelector=${encodeURIComponent(`k8s-app in (${LABELS})`)}`;

interface Daemon {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Entries };
}
interface Config {
  readonly metadata: { readonly annotations?: Entries };
  readonly data?: Entries;
}

export const cni: Check = async (observed, mesh) => {
  const { name: cluster, settings, read, list } = observed;
  const daemons = await list<Daemon>(DAEMONS, { metadata: "list" });
  const cilium = daemons.filter(
    ({ metadata: { namespace, labels } }) =>
      labels["k8s-app"] === CILIUM && namespace === (settings.cilium.namespace ?? namespace),
  );
  const [daemon] = cilium;
  if (daemon === undefined) {
    const name = daemons[0]?.metadata.labels["k8s-app"]?.replace(/-(node|agent)$/, "");
    return name === undefined || name === CILIUM ? [] : [{ id: "cni", severity: "ok", cluster, name }];
  }
  const field = `${fieldOf(mesh, settings)}.cilium`;
  const { patch } = settings.cilium;
  if (cilium.length > 1 && patch) {
    const daemonSets = cilium.map(({ metadata: { name, namespace } }) => `${namespace}/${name}`).toSorted();
    return [{ id: "ciliumSeveral", severity: "error", cluster, daemonSets, field: `${field}.namespace` }];
  }
  const { namespace } = daemon.metadata;
  const config = await read<Config>(`/api/v1/namespaces/${namespace}/configmaps/cilium-config`);
  if (config === undefined) {
    return [{ id: "ciliumWithoutConfig", severity: patch ? "error" : "warning", cluster, namespace, field }];
  }
  const stands = isMeshNamespace(await namespaceOf(observed, "istio-system"));
  return ciliumFindings(cluster, config, { patch, stands, field });
};

interface Circumstances {
  readonly patch: boolean;
  /** The mesh is here, and set them once. */
  readonly stands: boolean;
  readonly field: string;
}

export function ciliumFindings(
  cluster: string,
  { metadata, data = {} }: Config,
  { patch, stands, field }: Circumstances,
): Awaited<ReturnType<Check>> {
  const text = metadata.annotations?.[MEMORY];
  const { changes, foreign: said } = planPatch(data, text === undefined ? undefined : JSON.parse(text));
  const settings = Object.keys(changes).map((key) => `${key}=${ISTIO_SETTINGS[key]}`);
  if (said.length > 0) return [{ id: "ciliumChangedByOthers", severity: "warning", cluster, said: [...said] }];
  if (settings.length === 0) return [{ id: "ciliumReady", severity: "ok", cluster }];
  if (!patch) return [{ id: "ciliumNotForIstio", severity: "warning", cluster, settings, field: `${field}.patch` }];
  return stands
    ? [{ id: "ciliumChangedSince", severity: "warning", cluster, settings }]
    : [{ id: "ciliumChanges", severity: "ok", cluster, settings }];
}
