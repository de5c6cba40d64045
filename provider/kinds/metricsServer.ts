// Installs metrics-server if the cluster has no metrics API, and removes it if this program installed it.
import type { CoreV1Event, V1Deployment, V1Pod } from "@kubernetes/client-node";
import * as z from "zod";
import { podsMessage, rolledOut } from "../../kube/deploymentPods.ts";
import { METRICS_API, metricsApi, trouble } from "../../kube/metricsApi.ts";
import { type Named, nameOf, type Objects } from "../../kube/objects.ts";
import { onEach } from "../../kube/onEach.ts";
import { until } from "../../kube/until.ts";
import { downloadAccess } from "../downloadAccess.ts";
import type { Kind } from "../kind.ts";
import { readManifest } from "../manifest.ts";
import { INSTALLED, isApiService, isDeployment, isInstalled, KINDS, prepare } from "../metricsServerManifest.ts";
import { placement } from "../placement.ts";

const inputs = z.strictObject({
  /** An https:// URL, or a path relative to the project's folder. */
  source: z.string(),
  /** Login and CA for the URL. */
  download: downloadAccess.optional(),
  /** SHA-256 digest of the source. */
  sha256: z.string().optional(),
  kubeletInsecureTls: z.boolean(),
  registry: z.string().optional(),
  ...placement.shape,
  /** Longest wait for the metrics API, in seconds. */
  awaitSeconds: z.number(),
});
type Inputs = z.output<typeof inputs>;
/**
 * Names of our objects that exist now, and of those that were installed. Both are empty if the cluster has its own
 * metrics API.
 */
type Outputs = { readonly installed: readonly string[]; readonly expected: readonly string[] };

export const metricsServer: Kind<Inputs, Outputs> = {
  inputs,
  identity: ({ awaitSeconds: _, download: __, ...rest }) => rest,
  drift: (_, { installed, expected }) =>
    expected
      .filter((name) => !installed.includes(name))
      .map((name) => ({ property: "installed", words: `${name} was missing: installed again` })),

  async create({ cluster: { objects }, inputs: settings, say }) {
    const { source, download, sha256, awaitSeconds, ...options } = settings;
    const live = await metricsApi(objects);
    if (live !== undefined && !isInstalled(live)) {
      const problem = trouble(live);
      const state = problem === undefined ? "" : ` (${problem})`;
      say(`the cluster has its own metrics API, which stays unchanged${state}`);
      return { installed: [], expected: [] };
    }
    const wanted = prepare(await readManifest(source, "metricsServer", { access: download, sha256 }), options, source);
    await refuseForeignParts(objects, wanted);
    const deadline = Date.now() + awaitSeconds * 1_000;
    // Create the APIService last: without a running server it breaks API discovery and blocks the deletion of every
    // namespace.
    const [services, parts] = [wanted.filter(isApiService), wanted.filter((object) => !isApiService(object))];
    await onEach(parts, objects.apply);
    await awaitPods(objects, parts.filter(isDeployment), deadline, awaitSeconds);
    await onEach(services, objects.apply);
    await awaitMetrics(objects, deadline, awaitSeconds);
    await remove(
      objects,
      (live) => !wanted.some(({ kind, metadata: { name } }) => live.kind === kind && live.metadata.name === name),
    );
    const installed = wanted.map(nameOf).toSorted();
    return { installed, expected: installed };
  },

  async read({ cluster: { objects } }, { expected }) {
    return { expected, installed: (await ours(objects)).map(nameOf).toSorted() };
  },

  delete: ({ cluster: { objects } }) => removeMetricsServer(objects),
};

export const removeMetricsServer = (objects: Objects): Promise<void> => remove(objects, () => true);

const ours = async (objects: Objects): Promise<Named[]> =>
  (await Promise.all(KINDS.map(([apiVersion, kind]) => objects.list(apiVersion, kind, { labels: INSTALLED })))).flat();

/** @throws Error that lists objects of a metrics-server that this program did not install */
async function refuseForeignParts(objects: Objects, wanted: readonly Named[]): Promise<void> {
  const found = await Promise.all(
    wanted.map(({ apiVersion = "", kind = "", metadata }) =>
      objects.read(apiVersion, kind, metadata.name, metadata.namespace),
    ),
  );
  const others = found.filter((object) => object !== undefined && !isInstalled(object)) as Named[];
  if (others.length === 0) return;
  throw new Error(
    `APIService ${METRICS_API} does not exist, but parts of a metrics-server that this program did not install do: ` +
      `${others.map(nameOf).join(", ")}; remove them, or set metricsServer.source to none`,
  );
}

/** Deletes our objects, the APIService first. */
async function remove(objects: Objects, chosen: (object: Named) => boolean): Promise<void> {
  const found = (await ours(objects)).filter(chosen);
  await objects.remove(found.filter(isApiService));
  await objects.remove(found.filter((object) => !isApiService(object)));
}

async function awaitPods(
  objects: Objects,
  deployments: readonly Named[],
  deadline: number,
  seconds: number,
): Promise<void> {
  const look = () =>
    Promise.all(
      deployments.map(({ metadata: { name, namespace } }) =>
        objects.existing<V1Deployment>("apps/v1", "Deployment", name, namespace),
      ),
    );
  const seen = await until(look, (all) => all.every(rolledOut), { deadline: deadline - Date.now() });
  const late = seen.filter((deployment) => !rolledOut(deployment));
  if (late.length === 0) return;
  const causes = await Promise.all(late.map((deployment) => causeOf(objects, deployment)));
  throw new Error(`metrics-server is not ready after ${seconds} s: ${causes.join("; ")}`);
}

/** States of the pods, and the last error in each pod's log. */
async function causeOf(objects: Objects, deployment: V1Deployment): Promise<string> {
  const { namespace = "default" } = deployment.metadata ?? {};
  const labels = Object.entries(deployment.spec?.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join();
  const pods = await objects.list<V1Pod>("v1", "Pod", { namespace, labels });
  const events = await objects.list<CoreV1Event>("v1", "Event", { namespace });
  const errors = await Promise.all(
    pods.map(({ metadata }) =>
      objects.log(namespace, metadata.name, 50).then(
        (log) => log.split("\n").findLast((line) => /^([EF]\d|Error|panic)/.test(line)) ?? "",
        () => "",
      ),
    ),
  );
  return [podsMessage(deployment, pods, events), ...errors.filter((line) => line !== "")].join("; ");
}

async function awaitMetrics(objects: Objects, deadline: number, seconds: number): Promise<void> {
  const look = async () => trouble(await metricsApi(objects));
  const left = await until(look, (problem) => problem === undefined, { deadline: deadline - Date.now() });
  if (left !== undefined) throw new Error(`metrics are not served after ${seconds} s: ${left}`);
}
