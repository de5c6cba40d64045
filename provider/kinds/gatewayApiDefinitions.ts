// Installs the Gateway API's CRDs if the provider has none, and removes those that this program installed.
// This is one resource, not five, because the action depends on the CRDs in the cluster, and because half a megabyte of
// schema would otherwise be in every stack's state and be compared on every run.
import type { V1CustomResourceDefinition } from "@kubernetes/client-node";
import * as z from "zod";
import { ignoreStatus } from "../../kube/ignoreStatus.ts";
import type { Named, Objects } from "../../kube/objects.ts";
import { onEach } from "../../kube/onEach.ts";
import { until } from "../../kube/until.ts";
import { INSTALLED, planInstall, releaseOf } from "../../mesh/gatewayApiPlan.ts";
import { downloadAccess } from "../downloadAccess.ts";
import { readCrds } from "../gatewayApiManifest.ts";
import { CRDS, gatewayApiRefusal, installedCrds, othersUnder } from "../gatewayApiObjects.ts";
import type { Cluster, Kind } from "../kind.ts";

const inputs = z.strictObject({
  /** An https:// URL, or a path relative to the project's folder. */
  source: z.string(),
  /** Login and CA for that URL. */
  download: downloadAccess.optional(),
  /** SHA-256 digest of the source. */
  sha256: z.string().optional(),
  /** Longest wait for the API server to serve the CRDs, or to delete them, in seconds. */
  awaitSeconds: z.number(),
});
type Inputs = z.output<typeof inputs>;
/**
 * Names of our CRDs that exist now, and of those that were installed. Both are empty if the cluster has its own CRDs.
 */
type Outputs = { readonly installed: readonly string[]; readonly expected: readonly string[] };

export const gatewayApiDefinitions: Kind<Inputs, Outputs> = {
  inputs,
  identity: ({ source }) => source,
  drift: (_, { installed, expected }) =>
    expected
      .filter((name) => !installed.includes(name))
      .map((name) => ({
        property: "installed",
        words: `CustomResourceDefinition ${name} was missing: installed again`,
      })),

  async create({ cluster: { objects }, inputs: { source, download, sha256, awaitSeconds }, say }) {
    const wanted = await readCrds(source, { access: download, sha256 });
    for (;;) {
      const { steps, notice } = planInstall(wanted, await findLive(objects, wanted));
      if (notice !== undefined) say(notice);
      const done = await Promise.all(
        steps.map(
          ({ step, wanted: crd, live }) => step === "keep" || install(objects, crd, live?.metadata?.resourceVersion),
        ),
      );
      if (!done.every((success) => success)) continue;
      const served = steps.map(({ wanted: crd }) => crd);
      await awaitAll(objects, served, "served", isEstablished, awaitSeconds);
      const installed = namesOf(served);
      return { installed, expected: installed };
    }
  },

  async read({ cluster: { objects } }, { expected }) {
    return { expected, installed: namesOf((await installedCrds(objects)).ours) };
  },

  delete: ({ cluster, inputs: { awaitSeconds } }) => removeDefinitions(cluster, awaitSeconds),
};

const namesOf = (crds: readonly Crd[]) => crds.map(({ metadata }) => metadata?.name ?? "").toSorted();

/** Removes our CRDs. @throws Error that lists other people's objects of them */
export async function removeDefinitions({ objects, server, context }: Cluster, awaitSeconds: number): Promise<void> {
  const { ours, taken } = await installedCrds(objects);
  const others = await othersUnder(server, ours);
  if (others.length > 0) throw new Error(gatewayApiRefusal(context, ours, others));
  // Another client has installed these over ours.
  await onEach([...taken, ...ours], (crd) =>
    taken.includes(crd) ? objects.patchMetadata(crd, { labels: { [INSTALLED]: null } }) : objects.delete(crd),
  );
  await awaitAll(objects, ours, "removed", (crd) => crd === undefined, awaitSeconds);
}

type Crd = V1CustomResourceDefinition;

function read(objects: Objects, { metadata }: Crd): Promise<Crd | undefined> {
  return objects.read<Crd>(...CRDS, metadata?.name ?? "");
}

async function findLive(objects: Objects, wanted: readonly Crd[]): Promise<Crd[]> {
  const found = await Promise.all(wanted.map((crd) => read(objects, crd)));
  return found.filter((crd) => crd !== undefined);
}

/** @returns false if another client was faster, so that the caller must look again */
async function install(objects: Objects, crd: Crd, resourceVersion: string | undefined): Promise<boolean> {
  const labels = { ...crd.metadata?.labels, [INSTALLED]: releaseOf(crd) };
  const metadata = { ...crd.metadata, labels, ...(resourceVersion !== undefined && { resourceVersion }) };
  const object = { ...crd, metadata } as Named;
  try {
    await (resourceVersion === undefined ? objects.create(object) : objects.replace(object));
    return true;
  } catch (error) {
    ignoreStatus(409)(error);
    return false;
  }
}

function isEstablished(crd: Crd | undefined): boolean {
  return crd?.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") === true;
}

async function awaitAll(
  objects: Objects,
  crds: readonly Crd[],
  what: string,
  met: (crd: Crd | undefined) => boolean,
  seconds: number,
): Promise<void> {
  const waiting = async () => {
    const seen = await Promise.all(
      crds.map(async (crd) => [crd.metadata?.name, met(await read(objects, crd))] as const),
    );
    return seen.filter(([, done]) => !done).map(([name]) => name);
  };
  const left = await until(waiting, (names) => names.length === 0, { deadline: seconds * 1_000, interval: 100 });
  if (left.length > 0) throw new Error(`not ${what} within ${seconds} s: ${left.join(", ")}`);
}
