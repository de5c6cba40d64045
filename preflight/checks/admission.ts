// Whether the cluster accepts the objects that pulumi up creates. Each object is sent as a server-side dry run, so Pod
// Security, quotas, policies and webhooks answer as they will later. Objects that already exist are not sent.

import { isOurs, SYSTEM_NAMESPACE, wasFound, wasMade } from "../../mesh/ownership.ts";
import { ENFORCE, enforcedLevel, violations } from "../../mesh/podSecurity.ts";
import type { PreflightFinding, RefusedBy } from "../../mesh/preflightFindings.ts";
import { type Check, type ObservedCluster, Unreadable } from "../cluster.ts";
import { metricsServerObjects } from "../comingMetricsServer.ts";
import { type ComingObject, clusterObjects, namespaceObject, workloadObjects } from "../comingObjects.ts";
import type { ComingPods } from "../comingPods.ts";
import { overruns, type ResourceQuota } from "../quotas.ts";
import { type Verdict, verdictOf } from "../refusal.ts";
import { type Namespace, namespaceOf } from "./namespaces.ts";
import { stillComing } from "./room.ts";

export const admission: Check = async (observed, mesh) => {
  const [coming, ofMetricsServer] = await Promise.all([
    stillComing(observed, mesh),
    metricsServerObjects(observed, mesh),
  ]);
  const names = [...new Set(coming.map(({ namespace }) => namespace))];
  const places = new Map(
    await Promise.all(names.map(async (name) => [name, await namespaceOf(observed, name)] as const)),
  );
  const isNew = coming.some(({ deployment }) => deployment === "istiod");
  const objects = [
    ...(isNew ? clusterObjects() : []),
    ...[...places].flatMap(([name, found]) => ofNamespace(name, found, coming)),
  ];
  const isComing = (name: string) => places.get(name) === undefined;
  const [sent, metricsServer, byDefault] = await Promise.all([
    Promise.all(objects.map((object) => send(observed, object))),
    Promise.all(ofMetricsServer.map((object) => send(observed, object))),
    refusedInDefault(
      observed,
      coming.filter(({ namespace }) => isComing(namespace)),
    ),
  ]);
  // Ignore existing objects of metrics-server: they have another ownership label than the mesh's, and its resource
  // checks them.
  const judged = [...sent, ...metricsServer.filter(({ verdict }) => verdict.is !== "taken"), ...byDefault];
  return [
    ...(await findings(observed, places, judged)),
    ...(await beyondQuotas(observed, [...sent, ...metricsServer])),
  ];
};

/** Nothing can be created in a namespace that is being deleted. Another check reports that. */
function ofNamespace(name: string, found: Namespace | undefined, coming: readonly ComingPods[]): ComingObject[] {
  if (found === undefined) return [namespaceObject(name, name !== SYSTEM_NAMESPACE)];
  if (found.metadata.deletionTimestamp !== undefined) return [];
  return coming.filter(({ namespace }) => namespace === name).flatMap(workloadObjects);
}

const DEFAULT = "default";

/**
 * What refuses the objects of a namespace that does not exist yet: they are sent to the namespace "default" instead.
 * Without labels, it has the cluster's default level of Pod Security, which comes from the API server's admission
 * configuration and which no API shows. Webhooks and policies may select other namespaces than this one.
 */
async function refusedInDefault(observed: ObservedCluster, coming: readonly ComingPods[]): Promise<Sent[]> {
  const objects = coming.flatMap(workloadObjects);
  if (objects.length === 0) return [];
  const { labels = {} } = (await namespaceOf(observed, DEFAULT))?.metadata ?? {};
  const refusals = ["webhook", "brokenWebhook", "policy", ...(labels[ENFORCE] === undefined ? ["podSecurity"] : [])];
  const sent = await Promise.all(
    objects.map(async (object) => {
      const { metadata, ...rest } = object.body as { metadata: object };
      const path = object.path.replace(`/namespaces/${object.namespace}/`, `/namespaces/${DEFAULT}/`);
      const body = { ...rest, metadata: { ...metadata, namespace: DEFAULT } };
      return { ...(await send(observed, { ...object, path, body })), object };
    }),
  );
  return sent.filter(({ verdict }) => verdict.is === "refused" && refusals.includes(verdict.by.is));
}

async function send(observed: ObservedCluster, object: ComingObject): Promise<Sent> {
  const answer = await observed.dryRun(object.path, object.body);
  return { object, verdict: verdictOf(answer), answer: answer.body };
}

interface Sent {
  readonly object: ComingObject;
  readonly verdict: Verdict;
  readonly answer: unknown;
}

/** Objects that a quota accepts one by one, but not all together. */
async function beyondQuotas(
  { name: cluster, list }: ObservedCluster,
  sent: readonly Sent[],
): Promise<PreflightFinding[]> {
  const accepted = sent.filter(({ object, verdict }) => verdict.is === "accepted" && object.namespace !== undefined);
  const namespaces = Map.groupBy(accepted, ({ object }) => object.namespace ?? "");
  const found = [...namespaces].map(async ([namespace, some]): Promise<PreflightFinding[]> => {
    const quotas = await list<ResourceQuota>(`/api/v1/namespaces/${namespace}/resourcequotas`).catch((error) => {
      if (error instanceof Unreadable && error.status === 403) return [];
      throw error;
    });
    const coming = some.map(({ object: { kind, body, pods }, answer }) => ({
      ...{ kind, count: pods?.count ?? 1 },
      spec: (answer as { spec?: unknown } | null)?.spec ?? (body as { spec?: unknown }).spec,
    }));
    const objects = some.map(({ object }) => nameOf(object));
    const by = { is: "quota" } as const;
    return overruns(quotas, coming).map((said) => ({
      ...{ id: "refused", severity: "error", cluster, namespace, objects, said, by },
    }));
  });
  return (await Promise.all(found)).flat();
}

async function findings(
  observed: ObservedCluster,
  places: ReadonlyMap<string, Namespace | undefined>,
  sent: readonly Sent[],
): Promise<PreflightFinding[]> {
  const { name: cluster } = observed;
  const judged = sent.map(({ object, verdict }) => ({
    object,
    verdict: verdict.is === "unknown" || verdict.is === "blind" ? byLabel(object, places, verdict) : verdict,
  }));
  const refused = judged.flatMap(({ object, verdict }) =>
    verdict.is === "refused" ? [{ object, by: withRemedy(verdict.by, object), said: verdict.said }] : [],
  );
  const groups = Map.groupBy(refused, ({ object, by }) => JSON.stringify([object.namespace, by]));
  const taken = sent.filter(({ object, verdict }) => verdict.is === "taken" && object.namespace !== undefined);
  const webhooks = new Set(sent.flatMap(({ verdict }) => (verdict.is === "blind" ? verdict.webhook : [])));
  return [
    ...[...groups.values()].map((some): PreflightFinding => {
      const [{ object, by }] = some as [(typeof some)[number]];
      const said = [...new Set(some.map((one) => one.said))].slice(0, MOST_SAID).join("; ");
      const names = some.map((one) => nameOf(one.object));
      const { namespace } = object;
      const isComing = namespace !== undefined && places.has(namespace) && places.get(namespace) === undefined;
      if (isComing && "name" in by) {
        return { id: "refusedInDefault", severity: "warning", cluster, objects: names, namespace, said, by };
      }
      return {
        ...{ id: "refused", severity: "error", cluster, objects: names, said, by },
        ...(namespace !== undefined && { namespace }),
      };
    }),
    ...(await namesTaken(observed, places, taken)),
    ...(webhooks.size > 0
      ? [{ id: "dryRunsRefused", severity: "ok", cluster, webhooks: [...webhooks].toSorted() } as const]
      : []),
  ];
}

/** Most messages per finding. Further ones mostly repeat the first. */
const MOST_SAID = 2;

const nameOf = ({ kind, namespace, name }: ComingObject) => `${kind} ${namespace ? `${namespace}/` : ""}${name}`;

/** If the dry run gave no answer, judges the pod by the namespace's Pod Security label. */
function byLabel(
  { pods, namespace = "" }: ComingObject,
  places: ReadonlyMap<string, Namespace | undefined>,
  verdict: Verdict,
): Verdict {
  const level = enforcedLevel(places.get(namespace)?.metadata.labels);
  if (pods === undefined || level === undefined) return verdict;
  const broken = violations(pods.pod, level);
  if (broken.length === 0) return verdict;
  return { is: "refused", by: { is: "podSecurity" }, said: `PodSecurity "${level}": ${broken.join(", ")}` };
}

/**
 * A sidecar that configures the network itself (NET_ADMIN) violates Pod Security's levels in any case. Its remedy is
 * istio-cni.
 */
function withRemedy(by: RefusedBy, { pods }: ComingObject): RefusedBy {
  if (by.is !== "podSecurity") return by;
  const init = pods?.pod.spec.initContainers ?? [];
  const isNetAdmin = init.some(({ securityContext }) => securityContext?.capabilities?.add?.includes("NET_ADMIN"));
  return { is: isNetAdmin ? "podSecurityOfSidecars" : "podSecurity" };
}

/**
 * Objects of others with the names of ours. Objects of this program that a killed run left are no problem: the next run
 * uses them.
 */
async function namesTaken(
  { name: cluster, read }: ObservedCluster,
  places: ReadonlyMap<string, Namespace | undefined>,
  taken: readonly Sent[],
): Promise<PreflightFinding[]> {
  const found = await Promise.all(
    taken.map(async ({ object }) => {
      const there = await read<object>(`${object.path}/${object.name}`, { metadata: "object" });
      return there !== undefined && !isOurs(there) ? [object] : [];
    }),
  );
  const groups = Map.groupBy(found.flat(), ({ namespace = "" }) => namespace);
  return [...groups].map(([namespace, objects]): PreflightFinding => {
    const place = places.get(namespace) as object | undefined;
    // In an unmarked existing namespace, the sample refuses to work beside objects of others with the same names.
    const isRefused = namespace !== SYSTEM_NAMESPACE && place !== undefined && !wasMade(place) && !wasFound(place);
    const severity = isRefused ? "error" : "warning";
    return { id: "namesTaken", severity, cluster, namespace, objects: objects.map(nameOf) };
  });
}
