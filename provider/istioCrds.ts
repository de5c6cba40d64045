// Istio's CRDs. Helm does not delete them on uninstall, because deleting them would delete all custom resources.

import { gunzipSync, gzipSync } from "node:zlib";
import type { V1CustomResourceDefinition } from "@kubernetes/client-node";
import { ApiError, isTransient } from "../kube/apiServer.ts";
import { giveBack } from "../kube/giveBack.ts";
import { type Named, nameOf, type Objects } from "../kube/objects.ts";
import { onEach, onEachInTurn } from "../kube/onEach.ts";
import { inShell } from "../kube/quote.ts";
import { isDnsName } from "../kube/shown.ts";
import { isNewer } from "../mesh/istioLines.ts";
import { foundMark, helmOwnership, isOfOurReleases, isOurs, RELEASE_NAME, wasFound } from "../mesh/ownership.ts";

type Crd = V1CustomResourceDefinition & Named;

/** Largest number of names that an error lists. Of further names it gives only the number. */
const LISTED = 20;

export async function istioCrds(objects: Objects): Promise<Crd[]> {
  const crds = (await objects.list("apiextensions.k8s.io/v1", "CustomResourceDefinition")) as Crd[];
  return crds.filter(({ spec }) => spec.group.endsWith(".istio.io"));
}

/** Whether this program installed the CRD. Only such CRDs are deleted. */
export const isRemovable = (crd: Crd): boolean => !wasFound(crd) && isOfOurReleases(crd.metadata.annotations);

/**
 * CRDs that come from a later release than the one to install, and that Helm would overwrite. A CRD without the charts'
 * label has no known release.
 */
export async function newerCrds(objects: Objects, istio: string): Promise<string[]> {
  return (await istioCrds(objects))
    .filter(({ metadata: { labels } }) => isNewer(labels?.["app.kubernetes.io/version"] ?? "", istio))
    .map(({ metadata: { name } }) => name)
    .toSorted();
}

/** Custom resources of these CRDs that this program did not create. */
export async function resourcesOfOthers(objects: Objects, crds: readonly Crd[]): Promise<Named[]> {
  const lists = crds.map(({ spec }) => {
    // The storage version may not be served, so list a served version.
    const served = spec.versions.find(({ served }) => served) ?? spec.versions[0];
    return objects.list(`${spec.group}/${served?.name}`, spec.names.kind);
  });
  return (await Promise.all(lists)).flat().filter((resource) => !isOurs(resource));
}

/** The same as `Kind namespace/name`, sorted. */
export const othersResources = async (objects: Objects, crds: readonly Crd[]): Promise<string[]> =>
  (await resourcesOfOthers(objects, crds)).map(nameOf).toSorted();

/**
 * Why CRDs that this program installed cannot be deleted, and the remedy; undefined if others do not use them.
 * @param context of the kubeconfig
 */
export async function istioRefusal(objects: Objects, context: string): Promise<string | undefined> {
  const ours = (await istioCrds(objects)).filter(isRemovable);
  const uses = await Promise.all(ours.map(async (crd) => ({ crd, others: await othersResources(objects, [crd]) })));
  const used = uses.filter(({ others }) => others.length > 0);
  if (used.length === 0) return undefined;
  const names = used.map(({ crd }) => crd.metadata.name);
  return (
    "deleting Istio's CRDs would also delete these custom resources of others:" +
    `${listed(used.flatMap(({ others }) => others).toSorted())}\n` +
    "Delete them, or keep them and their CRDs, then run the same command again." +
    (names.every(isDnsName)
      ? ` To keep them:\n  kubectl --context ${inShell(context)} annotate crd ${names.join(" ")} ${RELEASE_NAME}-`
      : "")
  );
}

/** The first 20 names, and the number of further ones. */
export function listed(names: readonly string[]): string {
  const lines = names.slice(0, LISTED).map((name) => `\n  - ${name}`);
  return lines.join("") + (names.length > LISTED ? `\n  and ${names.length - LISTED} more` : "");
}

/**
 * Marks each CRD that existed before as one that stays, and adds Helm's ownership annotations, without which Helm
 * refuses to manage it.
 */
export async function adoptCrds(objects: Objects): Promise<void> {
  const { labels, annotations } = helmOwnership("istio-base");
  const unmarked = (await istioCrds(objects)).filter((crd) => !wasFound(crd));
  await onEachInTurn(unmarked, (crd) => {
    const kept = { ...annotations, [FOUND_CONTENTS]: packed(crd) };
    return objects.patchMetadata(crd, foundMark(crd.metadata, { labels, annotations: kept }));
  });
}

/**
 * Annotation on a CRD that existed before: its labels, annotations and spec, compressed. The largest of Istio's takes
 * 20 KiB.
 */
const FOUND_CONTENTS = "csp-mesh.io/found-contents";

const emptied = { labels: {}, annotations: {} };

interface Contents extends Pick<Crd, "spec"> {
  readonly labels: Record<string, string> | undefined;
  readonly annotations: Record<string, string> | undefined;
}

function packed({ metadata: { labels, annotations }, spec }: Crd): string {
  return gzipSync(JSON.stringify({ labels, annotations, spec } satisfies Contents)).toString("base64");
}

function unpacked(text: string): Contents | undefined {
  try {
    return JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString());
  } catch {
    return undefined;
  }
}

/**
 * Restores the former contents, labels and annotations of CRDs that existed before.
 *
 * @param warn called for each CRD whose contents cannot be restored, because its objects are stored in a version that
 * the former contents lack
 */
export async function giveBackCrds(objects: Objects, warn: (line: string) => void): Promise<void> {
  const found = (await istioCrds(objects)).filter(wasFound);
  await onEach(found, (crd) => giveBackCrd(objects, crd, warn));
}

async function giveBackCrd(objects: Objects, crd: Crd, warn: (line: string) => void): Promise<void> {
  const text = crd.metadata.annotations?.[FOUND_CONTENTS];
  if (text === undefined) return giveBack(objects, [crd]);
  const contents = unpacked(text);
  if (contents === undefined) {
    warn(
      `${nameOf(crd)} existed before the mesh and keeps its present contents: its annotation ${FOUND_CONTENTS} was changed`,
    );
    return giveBack(objects, [crd]);
  }
  const { spec, ...metadata } = contents;
  try {
    await objects.replace({ ...crd, metadata: { ...crd.metadata, ...emptied, ...metadata }, spec } as Named);
  } catch (error) {
    // If the API server refuses the contents, keep the annotation: it holds their only copy.
    if (!(error instanceof ApiError) || isTransient(error)) throw error;
    if (error.status === 404) return;
    if (error.status === 409) {
      const now = await objects.read<Crd>(crd.apiVersion ?? "", crd.kind ?? "", crd.metadata.name);
      return now && wasFound(now) ? giveBackCrd(objects, now, warn) : undefined;
    }
    warn(`${nameOf(crd)} existed before the mesh and keeps its present contents: ${error.message}`);
    await giveBack(objects, [crd]);
  }
}

export async function removeCrds(objects: Objects): Promise<void> {
  await objects.remove((await istioCrds(objects)).filter(isRemovable));
}
