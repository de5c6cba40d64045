// Reads and writes Helm releases through the Secrets in which Helm keeps their revisions.
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { KubernetesObject, V1Secret } from "@kubernetes/client-node";
import { loadAll } from "js-yaml";
import { type Named, nameOf, type Objects } from "../kube/objects.ts";
import { onEach, onEachInTurn } from "../kube/onEach.ts";
import { RELEASE_NAME, RELEASES, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
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

/**
 * Helm stores a revision as base64 of gzip of JSON, which Kubernetes encodes in base64 again.
 *
 * @throws Error that names the Secret if its content was changed
 */
async function unpack(secret: V1Secret): Promise<Revision> {
  const packed = Buffer.from(Buffer.from(secret.data?.release ?? "", "base64").toString(), "base64");
  try {
    return JSON.parse((await promisify(gunzip)(packed)).toString());
  } catch {
    const release = secret.metadata?.labels?.name;
    throw new Error(
      `${nameOf({ ...secret, kind: "Secret" })}, in which Helm keeps a revision of ${release}, was changed and cannot be read. Restore it; ` +
        `to destroy the mesh, delete the objects with annotation ${RELEASE_NAME}: ${release}, then this Secret`,
    );
  }
}

async function pack(revision: Revision): Promise<string> {
  const packed = (await promisify(gzip)(JSON.stringify(revision))).toString("base64");
  return Buffer.from(packed).toString("base64");
}

/** Objects in a revision's manifest. */
export async function manifestOf(secret: V1Secret): Promise<Named[]> {
  const { manifest } = await unpack(secret);
  // A manifest may contain a key twice. Like Helm, use the last one.
  return (loadAll(manifest, { json: true }) as (Named | null)[]).filter((object) => object !== null);
}

const stays = ({ metadata }: KubernetesObject) => metadata?.annotations?.["helm.sh/resource-policy"] === "keep";

/**
 * Like `helm uninstall`, but also works after an interrupted installation or uninstallation, and without a release,
 * where Helm fails.
 *
 * @throws Error that names all revisions that cannot be read, after the others
 */
export async function uninstall(objects: Objects, releases: readonly string[] = RELEASES): Promise<void> {
  await onEachInTurn(releases, async (name) => {
    const readable: { secret: Named; parts: Named[] }[] = [];
    const read = onEach((await revisions(objects, name, SYSTEM_NAMESPACE)) as V1Secret[], async (secret) => {
      readable.push({ secret: secret as Named, parts: await manifestOf(secret) });
    });
    await read.catch(() => {});
    const parts = readable.flatMap(({ parts }) => parts).filter((part) => !stays(part));
    // Delete webhooks first: without istiod they would block pods of other users.
    const isWebhook = ({ kind }: KubernetesObject) => kind?.endsWith("WebhookConfiguration") ?? false;
    await objects.remove(parts.filter(isWebhook));
    await objects.remove(parts.filter((part) => !isWebhook(part)));
    await objects.remove(readable.map(({ secret }) => secret));
    await read;
  });
}

/** Sets the status of revisions. Helm can continue from a revision with status `failed`. */
export async function callRevisions(objects: Objects, verdicts: readonly Verdict[]): Promise<void> {
  await onEachInTurn(verdicts, async ({ secret: name, status, givenUp }) => {
    const secret = await objects.existing<V1Secret>("v1", "Secret", name, SYSTEM_NAMESPACE);
    const revision = await unpack(secret);
    const release = await pack({ ...revision, info: { ...revision.info, status } });
    const { [GIVEN_UP]: _, ...others } = secret.metadata?.labels ?? {};
    const labels = { ...others, status, ...(givenUp && { [GIVEN_UP]: "true" }) };
    await objects.replace({ ...secret, metadata: { ...secret.metadata, labels }, data: { release } } as V1Secret);
  });
}
