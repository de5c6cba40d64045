// Reads and writes Helm releases through the Secrets in which Helm keeps their revisions.
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { KubernetesObject, V1Secret } from "@kubernetes/client-node";
import { loadAll } from "js-yaml";
import type { Named, Objects } from "../kube/objects.ts";
import { RELEASES, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { GIVEN_UP, type Verdict } from "./releaseVerdicts.ts";

const releaseLabels = (name: string) => `owner=helm,name=${name}`;

/** The revisions of a release, in one namespace or in all. */
export function revisions(objects: Objects, name: string, namespace?: string): Promise<Named[]> {
  return objects.list("v1", "Secret", { labels: releaseLabels(name), ...(namespace && { namespace }) });
}

/** The newest revision of a release that this program installed. */
export async function newestRevision(objects: Objects, name: string): Promise<(V1Secret & Named) | undefined> {
  const all = (await revisions(objects, name, SYSTEM_NAMESPACE)) as (V1Secret & Named)[];
  const version = ({ metadata }: Named) => Number((metadata as { labels?: Record<string, string> }).labels?.version);
  return all.toSorted((a, b) => version(b) - version(a))[0];
}

interface Revision {
  readonly manifest: string;
  readonly info: { readonly status: string };
}

/** Helm stores a revision as base64 of gzip of JSON, which Kubernetes encodes in base64 again. */
async function unpack(data: string): Promise<Revision> {
  const packed = Buffer.from(Buffer.from(data, "base64").toString(), "base64");
  return JSON.parse((await promisify(gunzip)(packed)).toString());
}

async function pack(revision: Revision): Promise<string> {
  const packed = (await promisify(gzip)(JSON.stringify(revision))).toString("base64");
  return Buffer.from(packed).toString("base64");
}

/** Objects in a revision's manifest. */
export async function manifestOf(secret: V1Secret): Promise<Named[]> {
  const { manifest } = await unpack(secret.data?.release ?? "");
  // Templates and values may repeat a key. With `json: true` the last one counts, as in Helm.
  return (loadAll(manifest, { json: true }) as (Named | null)[]).filter((object) => object !== null);
}

const stays = ({ metadata }: KubernetesObject) => metadata?.annotations?.["helm.sh/resource-policy"] === "keep";

/**
 * Uninstalls releases as `helm uninstall` does, but also after an interrupted installation or uninstallation, and if
 * nothing is left. In these cases Helm itself fails.
 */
export async function uninstall(objects: Objects, releases: readonly string[] = RELEASES): Promise<void> {
  for (const name of releases) {
    const secrets = await revisions(objects, name, SYSTEM_NAMESPACE);
    const parts = (await Promise.all(secrets.map(manifestOf))).flat().filter((part) => !stays(part));
    // Delete webhooks first: without their istiod they would block the creation of other people's pods.
    const isWebhook = ({ kind }: KubernetesObject) => kind?.endsWith("WebhookConfiguration") ?? false;
    await objects.remove(parts.filter(isWebhook));
    await objects.remove(parts.filter((part) => !isWebhook(part)));
    await objects.remove(secrets);
  }
}

/** Sets the status of revisions. Helm can continue from a revision with status `failed`. */
export async function callRevisions(objects: Objects, verdicts: readonly Verdict[]): Promise<void> {
  for (const { secret: name, status, givenUp } of verdicts) {
    const secret = await objects.existing<V1Secret>("v1", "Secret", name, SYSTEM_NAMESPACE);
    const revision = await unpack(secret.data?.release ?? "");
    const release = await pack({ ...revision, info: { ...revision.info, status } });
    const { [GIVEN_UP]: _, ...others } = secret.metadata?.labels ?? {};
    const labels = { ...others, status, ...(givenUp && { [GIVEN_UP]: "true" }) };
    await objects.replace({ ...secret, metadata: { ...secret.metadata, labels }, data: { release } } as V1Secret);
  }
}
