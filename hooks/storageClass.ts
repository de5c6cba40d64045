// A default StorageClass, where nobody else's is the default.
import { PatchStrategy, StorageV1Api, setHeaderOptions } from "@kubernetes/client-node";
import { IS_DEFAULT } from "./defaultClass.ts";
import { runHook } from "./hook.ts";
import { isOurs } from "./ownership.ts";
import { planStorageClass, type Step, type WantedClass } from "./storageClassPlan.ts";
import { unless } from "./unless.ts";

/** Most times that somebody else may be quicker, before that is an error. */
const MAX_TURNS = 20;

const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const fieldManager = "csp-mesh";

await runHook<WantedClass, null>({
  async create(cluster, wanted) {
    const api = cluster.makeApiClient(StorageV1Api);
    // Looked at again after each step: somebody may make a default at the same moment.
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const { steps, notice } = planStorageClass(wanted, (await api.listStorageClass()).items);
      if (steps.length === 0) {
        if (notice !== undefined) process.stderr.write(`${notice}\n`);
        return null;
      }
      for (const step of steps) await carryOut(api, step);
    }
    throw new Error(`StorageClass ${wanted.name} is changed by somebody else all the time, or held by a finalizer`);
  },

  async delete(cluster) {
    const api = cluster.makeApiClient(StorageV1Api);
    const ours = (await api.listStorageClass()).items.filter(isOurs);
    await Promise.all(ours.map((live) => carryOut(api, { kind: "remove", live })));
  },
});

/** Leaves a step undone where somebody else was quicker. */
async function carryOut(api: StorageV1Api, step: Step): Promise<void> {
  if (step.kind === "create") {
    await api.createStorageClass({ body: step.body, fieldManager }).catch(unless(409));
    return;
  }
  const { name = "", uid, resourceVersion } = step.live.metadata ?? {};
  if (step.kind === "remove") {
    const body = uid === undefined ? {} : { preconditions: { uid } };
    await api.deleteStorageClass({ name, body }).catch(unless(404)).catch(unless(409));
    return;
  }
  const { isDefault, allowVolumeExpansion } = step;
  const body = { metadata: { resourceVersion, annotations: { [IS_DEFAULT]: `${isDefault}` } }, allowVolumeExpansion };
  await api.patchStorageClass({ name, body, fieldManager }, mergePatch).catch(unless(404)).catch(unless(409));
}
