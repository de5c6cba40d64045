// Whether the CNI works with Istio.
import { CILIUM_API, L7_KINDS, type L7Object, l7InUse } from "../../mesh/ciliumL7.ts";
import { type Entries, ISTIO_SETTINGS, L7_PROXY, MEMORY, memoryOf, planPatch } from "../../mesh/ciliumSettings.ts";
import type { Check, ObservedCluster } from "../cluster.ts";
import { fieldOf } from "../settings.ts";
import { claimOn } from "./claim.ts";

const CILIUM = "cilium";
/** Values of the label `k8s-app` on CNI DaemonSets, from the CNIs' own charts. */
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
  const { patch, leave } = settings.cilium;
  if (cilium.length > 1 && patch) {
    const daemonSets = cilium.map(({ metadata: { name, namespace } }) => `${namespace}/${name}`).toSorted();
    return [{ id: "ciliumSeveral", severity: "error", cluster, daemonSets, field: `${field}.namespace` }];
  }
  const { namespace } = daemon.metadata;
  const config = await read<Config>(`/api/v1/namespaces/${namespace}/configmaps/cilium-config`);
  if (config === undefined) {
    return [{ id: "ciliumWithoutConfig", severity: patch ? "error" : "warning", cluster, namespace, field }];
  }
  const meshExists = (await claimOn(observed)) !== undefined;
  const { changes } = planOf(config, leave);
  const l7 = patch && changes[L7_PROXY] === ISTIO_SETTINGS[L7_PROXY] ? await l7Uses(observed, config) : [];
  return ciliumFindings(cluster, config, { patch, leave, meshExists, field, l7 });
};

function planOf({ metadata, data = {} }: Config, leave: readonly string[]) {
  return planPatch(data, memoryOf(metadata.annotations?.[MEMORY])?.former, leave);
}

async function l7Uses({ list }: ObservedCluster, { data = {} }: Config): Promise<string[]> {
  const lists = Object.entries(L7_KINDS).map(async ([kind, plural]) => {
    const objects = await list<Omit<L7Object, "kind">>(`/apis/${CILIUM_API}/${plural}`);
    return objects.map((object) => ({ ...object, kind }));
  });
  const pods = list<Omit<L7Object, "kind">>("/api/v1/pods", { metadata: "list" });
  return l7InUse(data, [...(await Promise.all(lists)).flat(), ...(await pods).map((pod) => ({ ...pod, kind: "Pod" }))]);
}

interface CiliumFacts {
  readonly patch: boolean;
  /** Keys that the config excludes. */
  readonly leave: readonly string[];
  /** Whether the mesh exists, and so has set the keys before. */
  readonly meshExists: boolean;
  readonly field: string;
  /** Objects that use the layer 7 proxy, if it is about to be disabled. */
  readonly l7: readonly string[];
}

export function ciliumFindings(
  cluster: string,
  config: Config,
  { patch, leave, meshExists, field, l7 }: CiliumFacts,
): Awaited<ReturnType<Check>> {
  const { changes, foreign } = planOf(config, leave);
  if (l7.length > 0) {
    // The key was set by this stack and reset by others since. An update leaves it alone; an update with --refresh is
    // refused by the resource itself.
    const isResetByOthers = memoryOf(config.metadata.annotations?.[MEMORY])?.former[L7_PROXY] !== undefined;
    const severity = isResetByOthers ? "warning" : "error";
    return [{ id: "ciliumL7InUse", severity, cluster, uses: [...l7], key: L7_PROXY, field: `${field}.leave` }];
  }
  const wanted = Object.keys(changes).filter((key) => !leave.includes(key));
  const settings = wanted.map((key) => `${key}=${ISTIO_SETTINGS[key]}`);
  const others = Object.values(foreign);
  if (others.length > 0) return [{ id: "ciliumChangedByOthers", severity: "warning", cluster, said: others }];
  if (settings.length === 0) return [{ id: "ciliumReady", severity: "ok", cluster }];
  if (!patch) return [{ id: "ciliumNotForIstio", severity: "warning", cluster, settings, field: `${field}.patch` }];
  return meshExists
    ? [{ id: "ciliumChangedSince", severity: "warning", cluster, settings }]
    : [{ id: "ciliumChanges", severity: "ok", cluster, settings }];
}
