// A snapshot of all API objects of a cluster. Two equal snapshots prove that nothing changed in between.
import { createHash } from "node:crypto";
import { request } from "node:https";
import { json } from "node:stream/consumers";
import type { KubeConfig, KubernetesObject } from "@kubernetes/client-node";
import { waitFor } from "../../lab/wait.ts";

/** Digests of objects' contents, by `group/Kind namespace/name`. */
export type ApiSnapshot = ReadonlyMap<string, string>;

/** Kinds with volatile objects: recent events and metrics. */
const MOMENTARY = new Set(["Event", "PodMetrics", "NodeMetrics"]);
/**
 * Kinds of which only the names are compared. Their contents change by themselves: heartbeats of nodes and leaders,
 * addresses of restarting pods, and the API server's own entries in a Node (images, volumes).
 */
const BY_NAME_ONLY = new Set(["Lease", "Endpoints", "EndpointSlice", "Node"]);

interface Resources {
  readonly groupVersion: string;
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly verbs: readonly string[] }[];
}

/** Starts again if a kind was removed meanwhile, or its storage was still being prepared. */
export async function apiSnapshot(cluster: KubeConfig): Promise<ApiSnapshot> {
  let snapshot: ApiSnapshot = new Map();
  await waitFor("a snapshot of the cluster", 60_000, async () => {
    snapshot = await snapshotNow(cluster);
    return true;
  });
  return snapshot;
}

async function snapshotNow(cluster: KubeConfig): Promise<ApiSnapshot> {
  const get = <T>(path: string) => read<T>(cluster, path);
  const { groups } = await get<{ groups: { versions: { groupVersion: string }[] }[] }>("/apis");
  const roots = groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => `/apis/${groupVersion}`));
  const versions = await Promise.all(
    ["/api/v1", ...roots].map(async (root) => ({ root, ...(await get<Resources>(root)) })),
  );
  // A group's preferred version comes first, but may not have all of its kinds.
  const listed = new Set<string>();
  const lists = versions.flatMap(({ root, groupVersion, resources }) =>
    resources.flatMap(({ name, kind, verbs }) => {
      const resource = `${groupOf(groupVersion)}${name}`;
      if (!verbs.includes("list") || MOMENTARY.has(kind) || listed.has(resource)) return [];
      listed.add(resource);
      return [{ path: `${root}/${name}`, groupVersion, kind }];
    }),
  );
  const objects = await Promise.all(
    lists.map(async ({ path, groupVersion, kind }) => {
      const { items } = await get<{ items: KubernetesObject[] }>(path);
      return items.filter(isNobodysChild).map((item) => [keyOf(groupVersion, kind, item), digest(kind, item)] as const);
    }),
  );
  return new Map(objects.flat());
}

/** Prefixes: `+` for new, `-` for missing, `~` for changed objects. */
export function apiDifference(before: ApiSnapshot, after: ApiSnapshot): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return keys.flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    if (old === now) return [];
    return [`${old === undefined ? "+" : now === undefined ? "-" : "~"} ${key}`];
  });
}

const groupOf = (groupVersion: string) => (groupVersion.includes("/") ? `${groupVersion.split("/")[0]}/` : "");

function keyOf(groupVersion: string, kind: string, { metadata }: KubernetesObject): string {
  return `${groupOf(groupVersion)}${kind} ${metadata?.namespace ? `${metadata.namespace}/` : ""}${metadata?.name}`;
}

/** Skip objects that a controller created, above all pods. Their owner is in the snapshot itself. */
const isNobodysChild = ({ metadata }: KubernetesObject) =>
  !metadata?.ownerReferences?.some(({ controller }) => controller);

/** A digest of the fields that clients set. Status, versions and managed fields change by themselves. */
function digest(kind: string, object: KubernetesObject): string {
  if (BY_NAME_ONLY.has(kind)) return "";
  const { metadata, status: _, ...content } = object as KubernetesObject & { status?: unknown };
  const { uid, labels = {}, annotations = {}, finalizers = [] } = metadata ?? {};
  const set = JSON.stringify([uid, sorted(labels), sorted(annotations), finalizers, content]);
  return createHash("sha256").update(set).digest("hex");
}

/**
 * The API server counts changes of a DaemonSet's and a Deployment's template, so a change and its reversal count as
 * two. Leaders of istiods write their heartbeat into ConfigMaps.
 */
const COUNTERS = new Set([
  "deprecated.daemonset.template.generation",
  "deployment.kubernetes.io/revision",
  "control-plane.alpha.kubernetes.io/leader",
]);

const sorted = (table: Record<string, string>) =>
  Object.entries(table)
    .filter(([key]) => !COUNTERS.has(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

/**
 * @throws Error unless the API server answers 200: 404 if a kind was just removed, 429 if its storage is still being
 * prepared
 */
async function read<T>(cluster: KubeConfig, path: string): Promise<T> {
  const url = new URL(path, cluster.getCurrentCluster()?.server);
  const options = {};
  await cluster.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      if (response.statusCode === 200) json(response).then((body) => resolve(body as T), reject);
      else response.resume().on("end", () => reject(new Error(`${path}: HTTP ${response.statusCode}`)));
    })
      .on("error", reject)
      .end();
  });
}
