// The Gateway API's CustomResourceDefinitions: installed where the provider has none, removed where they are ours.
//
// A hook and no resources, because what to do depends on what is there, and because they are half a megabyte of schema that
// would be in the state of every stack and compared at every run.
import {
  ApiextensionsV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1CustomResourceDefinition,
} from "@kubernetes/client-node";
import { until } from "../checks/until.ts";
import type { Access } from "../net/download.ts";
import { INSTALLED, planInstall, readCrds, releaseOf } from "./gatewayApiManifest.ts";
import { gatewayApiRefusal, installedCrds, othersUnder } from "./gatewayApiObjects.ts";
import { runHook } from "./hook.ts";
import { unless } from "./unless.ts";

interface Settings {
  /** An https:// URL or an absolute path. */
  readonly source: string;
  /** Login and CA for that URL. */
  readonly access?: Access;
  /** Longest wait for the API server to serve them, or to have removed them, in seconds. */
  readonly awaitSeconds: number;
}

const fieldManager = "csp-mesh";

await runHook<Settings, null>({
  async create(cluster, { source, access, awaitSeconds }) {
    const api = cluster.makeApiClient(ApiextensionsV1Api);
    const wanted = await readCrds(source, access);
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
    const { ours, taken } = await installedCrds(cluster);
    const others = await othersUnder(cluster, ours);
    if (others.length > 0) throw new Error(gatewayApiRefusal(cluster, ours, others));
    await Promise.all(taken.map((crd) => release(api, crd)));
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
