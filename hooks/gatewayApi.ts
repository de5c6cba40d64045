// The Gateway API's CustomResourceDefinitions: installed where the provider has none, removed where they are ours.
//
// A hook and no resources, because what to do depends on what is there, and because they are half a megabyte of schema that
// would be in the state of every stack and compared at every run.
import {
  ApiException,
  ApiextensionsV1Api,
  CustomObjectsApi,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1CustomResourceDefinition,
} from "@kubernetes/client-node";
import { until } from "../checks/until.ts";
import { GROUP, INSTALLED, isOurs, planInstall, readCrds, releaseOf } from "./gatewayApiManifest.ts";
import { runHook } from "./hook.ts";

interface Settings {
  /** An https:// URL or an absolute path. */
  readonly source: string;
  /** Longest wait for the API server to serve them, or to have removed them, in seconds. */
  readonly awaitSeconds: number;
}

const fieldManager = "csp-mesh";

await runHook<Settings, null>({
  async create(cluster, { source, awaitSeconds }) {
    const api = cluster.makeApiClient(ApiextensionsV1Api);
    const wanted = await readCrds(source);
    for (;;) {
      const { steps, notice } = planInstall(wanted, await findLive(api, wanted));
      if (notice !== undefined) process.stderr.write(`${notice}\n`);
      const done = await Promise.all(
        steps.map(
          ({ step, wanted: crd, live }) => step === "keep" || install(api, crd, live?.metadata?.resourceVersion),
        ),
      );
      if (!done.every((success) => success)) continue;
      await awaitAll(
        api,
        steps.map(({ wanted: crd }) => crd),
        "served",
        isEstablished,
        awaitSeconds,
      );
      return null;
    }
  },

  async delete(cluster, { awaitSeconds }) {
    const api = cluster.makeApiClient(ApiextensionsV1Api);
    const { items: labelled } = await api.listCustomResourceDefinition({ labelSelector: INSTALLED });
    const ours = labelled.filter(isOurs);
    const others = (await Promise.all(ours.map((crd) => foreignObjects(cluster, crd)))).flat();
    if (others.length > 0) throw new Error(refusal(ours, others));
    await Promise.all(labelled.filter((crd) => !isOurs(crd)).map((crd) => release(api, crd)));
    await Promise.all(
      ours.map(({ metadata }) => api.deleteCustomResourceDefinition({ name: metadata?.name ?? "" }).catch(unless(404))),
    );
    await awaitAll(api, ours, "removed", (crd) => crd === undefined, awaitSeconds);
  },
});

type Crd = V1CustomResourceDefinition;

async function read(api: ApiextensionsV1Api, { metadata }: Crd): Promise<Crd | undefined> {
  return await api.readCustomResourceDefinition({ name: metadata?.name ?? "" }).catch(unless(404));
}

async function findLive(api: ApiextensionsV1Api, wanted: readonly Crd[]): Promise<Crd[]> {
  const found = await Promise.all(wanted.map((crd) => read(api, crd)));
  return found.filter((crd) => crd !== undefined);
}

/** @returns false where somebody else was quicker, so that it has to be looked at again */
async function install(api: ApiextensionsV1Api, crd: Crd, resourceVersion: string | undefined): Promise<boolean> {
  const labels = { ...crd.metadata?.labels, [INSTALLED]: releaseOf(crd) };
  const body = {
    ...crd,
    metadata: { ...crd.metadata, labels, ...(resourceVersion !== undefined && { resourceVersion }) },
  };
  try {
    if (resourceVersion === undefined) await api.createCustomResourceDefinition({ body, fieldManager });
    else await api.replaceCustomResourceDefinition({ name: crd.metadata?.name ?? "", body, fieldManager });
    return true;
  } catch (error) {
    unless(409)(error);
    return false;
  }
}

/** Takes our label from one that somebody else installed over ours. */
async function release(api: ApiextensionsV1Api, { metadata }: Crd): Promise<void> {
  const body = { metadata: { labels: { [INSTALLED]: null } } };
  const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  await api.patchCustomResourceDefinition({ name: metadata?.name ?? "", body, fieldManager }, mergePatch);
}

function isEstablished(crd: Crd | undefined): boolean {
  return crd?.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") === true;
}

async function awaitAll(
  api: ApiextensionsV1Api,
  crds: readonly Crd[],
  what: string,
  met: (crd: Crd | undefined) => boolean,
  seconds: number,
): Promise<void> {
  const waiting = async () => {
    const seen = await Promise.all(crds.map(async (crd) => [crd.metadata?.name, met(await read(api, crd))] as const));
    return seen.filter(([, done]) => !done).map(([name]) => name);
  };
  const left = await until(waiting, (names) => names.length === 0, { deadline: seconds * 1_000, interval: 100 });
  if (left.length > 0) throw new Error(`not ${what} within ${seconds} s: ${left.join(", ")}`);
}

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly spec?: { readonly controllerName?: string };
  }[];
}

/** Objects that would go with a definition and are not istiod's own, as `HTTPRoute shop/front`. */
async function foreignObjects(cluster: KubeConfig, { spec }: Crd): Promise<string[]> {
  const { kind, plural } = spec.names;
  const version = spec.versions.find(({ served }) => served)?.name ?? "";
  const objects = cluster.makeApiClient(CustomObjectsApi);
  // For a moment after it is established the API server still prepares its storage, and says so by an error.
  const list = await until<Listed>(
    () => objects.listClusterCustomObject({ group: GROUP, version, plural }),
    () => true,
    { deadline: 20_000 },
  );
  return list.items
    .filter(({ metadata, spec: own }) => !(kind === "GatewayClass" && isIstiods(metadata.name, own?.controllerName)))
    .map(({ metadata: { namespace, name } }) => `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`);
}

/** Classes that istiod makes: istio, istio-remote, istio-waypoint and more with each version. */
function isIstiods(name: string, controller = ""): boolean {
  return /^istio(-|$)/.test(name) && controller.startsWith("istio.io/");
}

function refusal(ours: readonly Crd[], others: readonly string[]): string {
  const most = 20;
  const more = others.length > most ? `\n  and ${others.length - most} more` : "";
  return (
    `The Gateway API's CustomResourceDefinitions stay: with them would go\n${others
      .slice(0, most)
      .map((object) => `  ${object}\n`)
      .join("")
      .trimEnd()}${more}\n` +
    "Delete these and destroy again, or keep both: " +
    `kubectl label crd ${ours.map(({ metadata }) => metadata?.name).join(" ")} ${INSTALLED}-`
  );
}

function unless(code: number): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ApiException && error.code === code)) throw error;
  };
}
