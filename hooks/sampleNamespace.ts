// The namespace of the sample: made and deleted, or somebody's, whose labels and objects are left alone.
import { runHook } from "./hook.ts";
import { listed } from "./istioCrds.ts";
import { prepareNamespace, readNamespace } from "./namespaces.ts";
import { type Named, nameOf, type Objects } from "./objects.ts";
import { giveBack, MADE, wasFound, wasMade } from "./ownership.ts";
import { INJECTION, otherInjection } from "./sampleInjection.ts";

interface Settings {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  readonly namespace: string;
  /** All that the sample puts into it. */
  readonly parts: readonly { readonly apiVersion: string; readonly kind: string; readonly name: string }[];
}

/** Kinds that people's work in a namespace consists of. */
const KINDS = [
  ["v1", "Pod"],
  ["v1", "Service"],
  ["v1", "ConfigMap"],
  ["v1", "Secret"],
  ["v1", "PersistentVolumeClaim"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "Job"],
  ["batch/v1", "CronJob"],
] as const;

/** In every namespace: Kubernetes' own, and istiod's. */
const EVERYWHERE = ["kube-root-ca.crt", "istio-ca-root-cert", "istio-ca-crl"].map((name) => `ConfigMap ${name}`);

await runHook<Settings, "made">({
  async create({ objects }, settings, previous) {
    // Later runs only hear of other settings, and find the sample itself.
    if (previous !== null) return previous;
    const namespace = await readNamespace(objects, settings.namespace);
    if (namespace !== undefined && !wasMade(namespace)) {
      refuseOtherInjection(settings, namespace);
      if (!wasFound(namespace)) await refuseSameNames(settings, objects);
    }
    await prepareNamespace(objects, settings.namespace, { labels: { [INJECTION]: "enabled" } });
    return "made";
  },

  async delete({ objects }, settings) {
    const namespace = await readNamespace(objects, settings.namespace);
    if (namespace === undefined || !(wasMade(namespace) || wasFound(namespace))) return;
    // Most often none: they are resources. A run that was killed may not have recorded one.
    await objects.remove(partsOf(settings));
    if (!wasMade(namespace)) return giveBack(objects, [namespace]);
    const others = await contentOf(objects, settings.namespace);
    if (others.length === 0) return objects.remove([namespace]);
    await objects.patchMetadata(namespace, { labels: { [INJECTION]: null }, annotations: { [MADE]: null } });
    process.stderr.write(
      `warning: ${settings.cluster}: namespace "${settings.namespace}" stays, because others work in it:${listed(others)}\n`,
    );
  },
});

function partsOf({ namespace, parts }: Settings): Named[] {
  return parts.map(({ apiVersion, kind, name }) => ({ apiVersion, kind, metadata: { name, namespace } }));
}

function refuseOtherInjection({ cluster, namespace }: Settings, { metadata: { labels = {} } }: Named): void {
  const label = otherInjection(labels);
  if (label === undefined) return;
  throw new Error(
    `${cluster}: namespace "${namespace}" was there before, and its label ${label} keeps this mesh's sidecars out of it; ` +
      'set csp-mesh:sample.namespace to another name, then run "pulumi up" again',
  );
}

async function refuseSameNames(settings: Settings, objects: Objects): Promise<void> {
  const { cluster, namespace } = settings;
  const same = await Promise.all(
    partsOf(settings).map(({ apiVersion = "", kind = "", metadata: { name } }) =>
      objects.read(apiVersion, kind, name, namespace),
    ),
  );
  const found = same.filter((object) => object !== undefined).map(nameOf);
  if (found.length === 0) return;
  throw new Error(
    `${cluster}: namespace "${namespace}" was there before, and in it are objects of names that the sample needs:` +
      `${listed(found)}\nSet csp-mesh:sample.namespace to another name, then run "pulumi up" again. They were left alone.`,
  );
}

/** What somebody put into a namespace, as `Kind namespace/name`: nothing that a controller made of it, or that goes already. */
async function contentOf(objects: Objects, namespace: string): Promise<string[]> {
  const lists = await Promise.all(KINDS.map(([apiVersion, kind]) => objects.list(apiVersion, kind, { namespace })));
  return lists
    .flat()
    .filter(({ metadata }) => !metadata.ownerReferences?.length && metadata.deletionTimestamp === undefined)
    .filter(({ kind, metadata }) => !EVERYWHERE.includes(`${kind} ${metadata.name}`))
    .map(nameOf);
}
