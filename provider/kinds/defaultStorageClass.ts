// Makes a StorageClass the default if the cluster has no other default.
import type { V1StorageClass } from "@kubernetes/client-node";
import * as z from "zod";
import { ignoreStatus } from "../../kube/ignoreStatus.ts";
import type { Objects } from "../../kube/objects.ts";
import { onEach } from "../../kube/onEach.ts";
import { IS_DEFAULT } from "../../mesh/defaultClass.ts";
import { isOurs } from "../../mesh/ownership.ts";
import { planStorageClass, type Step } from "../../mesh/storageClassPlan.ts";
import type { Kind } from "../kind.ts";

/** Largest number of write conflicts before the step fails. */
const MAX_TURNS = 20;

const listClasses = (objects: Objects) => objects.list<V1StorageClass>("storage.k8s.io/v1", "StorageClass");

const inputs = z.strictObject({
  name: z.string(),
  provisioner: z.string(),
  parameters: z.record(z.string(), z.string()),
  reclaimPolicy: z.string(),
  volumeBindingMode: z.string(),
  allowVolumeExpansion: z.boolean(),
});
type Inputs = z.output<typeof inputs>;
/** Remaining steps, in words; empty if nothing is left to do. */
type Outputs = { readonly owed: readonly string[] };

export const defaultStorageClass: Kind<Inputs, Outputs> = {
  inputs,
  drift: (_, { owed }) => owed.map((words) => ({ property: "owed", words })),

  async plan({ cluster: { objects }, inputs: wanted }) {
    const { steps, notice } = planStorageClass(wanted, await listClasses(objects));
    return [...steps.map(stepText), ...(notice === undefined ? [] : [notice])];
  },

  async look({ cluster: { objects }, inputs: wanted }) {
    const { steps } = planStorageClass(wanted, await listClasses(objects));
    return steps.map((step) => ({ property: "owed", words: stepText(step) }));
  },

  async create({ cluster: { objects }, inputs: wanted, say }) {
    // Read the classes again after each step, because another client may set a default at the same moment.
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const { steps, notice } = planStorageClass(wanted, await listClasses(objects));
      if (steps.length === 0) {
        if (notice !== undefined) say(notice);
        return { owed: [] };
      }
      for (const step of steps) await carryOut(objects, step);
    }
    throw new Error(`StorageClass ${wanted.name} is changed all the time by another client, or has a finalizer`);
  },

  async read({ cluster: { objects }, inputs: wanted }) {
    return { owed: planStorageClass(wanted, await listClasses(objects)).steps.map(stepText) };
  },

  delete: ({ cluster: { objects } }) => removeClasses(objects),
};

export async function removeClasses(objects: Objects): Promise<void> {
  const ours = (await listClasses(objects)).filter(isOurs);
  await onEach(ours, (live) => carryOut(objects, { kind: "remove", live }));
}

function stepText(step: Step): string {
  if (step.kind === "create") return `StorageClass ${step.body.metadata.name} is created as the default`;
  const name = `StorageClass ${step.live.metadata?.name}`;
  return step.kind === "remove"
    ? `${name} is removed`
    : `${name} ${step.isDefault ? "becomes" : "is no longer"} the default`;
}

/** Skips a step if another client has changed the object meanwhile. */
async function carryOut(objects: Objects, step: Step): Promise<void> {
  if (step.kind === "create") {
    await objects.create(step.body).catch(ignoreStatus(409));
    return;
  }
  const { live } = step;
  if (step.kind === "remove") return objects.delete(live);
  const { isDefault, allowVolumeExpansion } = step;
  const change = {
    metadata: { resourceVersion: live.metadata?.resourceVersion, annotations: { [IS_DEFAULT]: `${isDefault}` } },
    allowVolumeExpansion,
  };
  await objects.merge(live, change).catch(ignoreStatus(404)).catch(ignoreStatus(409));
}
