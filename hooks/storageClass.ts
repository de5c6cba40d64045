// A default StorageClass, where nobody else's is the default.
import type { V1StorageClass } from "@kubernetes/client-node";
import { IS_DEFAULT } from "./defaultClass.ts";
import { runHook } from "./hook.ts";
import type { Objects } from "./objects.ts";
import { isOurs } from "./ownership.ts";
import { planStorageClass, type Step, type WantedClass } from "./storageClassPlan.ts";
import { unless } from "./unless.ts";

/** Most times that somebody else may be quicker, before that is an error. */
const MAX_TURNS = 20;

const listClasses = (objects: Objects) => objects.list<V1StorageClass>("storage.k8s.io/v1", "StorageClass");

await runHook<WantedClass, null>({
  async create({ objects }, wanted) {
    // Looked at again after each step: somebody may make a default at the same moment.
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const { steps, notice } = planStorageClass(wanted, await listClasses(objects));
      if (steps.length === 0) {
        if (notice !== undefined) process.stderr.write(`${notice}\n`);
        return null;
      }
      for (const step of steps) await carryOut(objects, step);
    }
    throw new Error(`StorageClass ${wanted.name} is changed by somebody else all the time, or held by a finalizer`);
  },

  async delete({ objects }) {
    const ours = (await listClasses(objects)).filter(isOurs);
    await Promise.all(ours.map((live) => carryOut(objects, { kind: "remove", live })));
  },
});

/** Leaves a step undone where somebody else was quicker. */
async function carryOut(objects: Objects, step: Step): Promise<void> {
  if (step.kind === "create") {
    await objects.create(step.body).catch(unless(409));
    return;
  }
  const { live } = step;
  const { uid, resourceVersion } = live.metadata ?? {};
  if (step.kind === "remove") {
    await objects.delete(live, { uid }).catch(unless(404)).catch(unless(409));
    return;
  }
  const { isDefault, allowVolumeExpansion } = step;
  const change = { metadata: { resourceVersion, annotations: { [IS_DEFAULT]: `${isDefault}` } }, allowVolumeExpansion };
  await objects.merge(live, change).catch(unless(404)).catch(unless(409));
}
