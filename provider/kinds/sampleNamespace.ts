// The namespace of the sample. The program creates and deletes it, or uses an existing one, whose labels and objects it
// leaves unchanged.
import type { V1Deployment } from "@kubernetes/client-node";
import * as z from "zod";
import { giveBack } from "../../kube/giveBack.ts";
import { type Named, nameOf } from "../../kube/objects.ts";
import { onEachInTurn } from "../../kube/onEach.ts";
import { restoreScaled, scaledBackWords, scaledToNone } from "../../kube/scaledToNone.ts";
import { isOurs, wasFound, wasMade } from "../../mesh/ownership.ts";
import { INJECTION, otherInjection, REVISION } from "../../mesh/sampleInjection.ts";
import { listed } from "../istioCrds.ts";
import type { Kind, Step } from "../kind.ts";
import { leaveNamespace } from "../leaveNamespace.ts";
import { prepareNamespace, readNamespace } from "../namespaces.ts";

/** All objects of the sample in a namespace. */
export const parts = z.array(z.strictObject({ apiVersion: z.string(), kind: z.string(), name: z.string() }));
const inputs = z.strictObject({
  namespace: z.string(),
  parts,
  /** Istio revision that injects its pods, if the program created the namespace. @default the default revision */
  revision: z.string().optional(),
});
type Inputs = z.output<typeof inputs>;

export const sampleNamespace: Kind<Inputs, { readonly namespace: string }> = {
  inputs,
  // Ignore `parts`: they only determine what `delete` removes.
  identity: ({ namespace, revision }) => (revision === undefined ? namespace : [namespace, revision]),

  async look({ cluster: { objects }, inputs: settings }) {
    const { namespace } = settings;
    const names = deploymentsOf(settings);
    const found = await objects.list<V1Deployment>("apps/v1", "Deployment", { namespace });
    const left = found.filter((deployment) => scaledToNone(deployment) !== undefined);
    return left
      .flatMap(({ metadata }) => metadata?.name ?? [])
      .filter((name) => names.includes(name))
      .map((name) => ({ property: "parts", words: scaledBackWords(namespace, name) }));
  },

  async create(step) {
    const { cluster, inputs: settings } = step;
    const { objects } = cluster;
    const namespace = await readNamespace(objects, settings.namespace);
    if (namespace !== undefined && !wasMade(namespace)) {
      refuseOtherInjection(step, namespace);
      if (!wasFound(namespace)) await refuseSameNames(step);
    }
    const labels = injectionLabels(settings.revision);
    await prepareNamespace(objects, settings.namespace, { labels: { [INJECTION]: "enabled" } });
    // The label `istio-injection` would override that of a revision.
    const made = await readNamespace(objects, settings.namespace);
    const isOther = Object.entries(labels).some(([label, value]) => (made?.metadata.labels?.[label] ?? null) !== value);
    if (made && wasMade(made) && isOther) await objects.patchMetadata(made, { labels });
    await onEachInTurn(deploymentsOf(settings), (name) =>
      restoreScaled(objects, { namespace: settings.namespace, name }),
    );
    return { namespace: settings.namespace };
  },

  async read({ cluster: { objects }, inputs: { namespace: name } }, outputs) {
    const namespace = await readNamespace(objects, name);
    const isReady = namespace !== undefined && (wasMade(namespace) || wasFound(namespace));
    return isReady ? outputs : undefined;
  },

  delete: releaseSampleNamespace,
};

/**
 * Deletes the sample's own objects and marks. Deletes the namespace too if the program created it and it has no objects
 * of others.
 */
export async function releaseSampleNamespace(step: Step<Inputs>): Promise<void> {
  const { cluster, inputs: settings } = step;
  const { objects } = cluster;
  const namespace = await readNamespace(objects, settings.namespace);
  if (namespace === undefined || !(wasMade(namespace) || wasFound(namespace))) return;
  // Usually there are none, because they are resources. A killed run may not have recorded one. Objects of others may
  // have the same name, so check the marks.
  await objects.remove((await found(step)).filter(isOurs));
  if (!wasMade(namespace)) return giveBack(objects, [namespace]);
  await leaveNamespace(step, namespace, [INJECTION, REVISION]);
}

const injectionLabels = (revision: string | undefined): Record<string, string | null> =>
  revision === undefined ? { [INJECTION]: "enabled", [REVISION]: null } : { [INJECTION]: null, [REVISION]: revision };

const deploymentsOf = ({ parts }: Inputs) => parts.filter(({ kind }) => kind === "Deployment").map(({ name }) => name);

function partsOf({ namespace, parts }: Inputs): Named[] {
  return parts.map(({ apiVersion, kind, name }) => ({ apiVersion, kind, metadata: { name, namespace } }));
}

function refuseOtherInjection(
  { cluster: { name }, inputs: { namespace } }: Step<Inputs>,
  { metadata: { labels = {} } }: Named,
): void {
  const label = otherInjection(labels);
  if (label === undefined) return;
  throw new Error(
    `${name}: namespace "${namespace}" is not the program's own, and its label ${label} prevents this mesh's sidecars; ` +
      'set csp-mesh:sample.namespace to another name, then run "pulumi up" again',
  );
}

/** Existing objects with the names of the sample's parts. */
async function found({ cluster: { objects }, inputs: settings }: Step<Inputs>): Promise<Named[]> {
  const same = await Promise.all(
    partsOf(settings).map(({ apiVersion = "", kind = "", metadata }) =>
      objects.read(apiVersion, kind, metadata.name, metadata.namespace),
    ),
  );
  return same.filter((object) => object !== undefined);
}

async function refuseSameNames(step: Step<Inputs>): Promise<void> {
  const { name } = step.cluster;
  const { namespace } = step.inputs;
  const same = await found(step);
  if (same.length === 0) return;
  throw new Error(
    `${name}: namespace "${namespace}" is not the program's own, and has objects with names that the sample needs:` +
      `${listed(same.map(nameOf))}\nSet csp-mesh:sample.namespace to another name, then run "pulumi up" again. They were not changed.`,
  );
}
