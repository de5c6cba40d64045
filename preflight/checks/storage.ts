// Whether the cluster can provide volumes. The mesh itself needs none, but applications in it may.
import { isDefault } from "../../mesh/defaultClass.ts";
import type { Check } from "../cluster.ts";
import { fieldOf } from "../settings.ts";

interface StorageClass {
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
}

export const storage: Check = async ({ name: cluster, settings, list }, mesh) => {
  const classes = await list<StorageClass>("/apis/storage.k8s.io/v1/storageclasses", { metadata: "list" });
  const names = classes.filter(isDefault).map(({ metadata }) => metadata.name);
  if (names.length > 0) return [{ id: "storageClass", severity: "ok", cluster, names: names.toSorted() }];
  const { storageClass } = settings;
  return storageClass === undefined
    ? [{ id: "noStorageClass", severity: "warning", cluster, field: `${fieldOf(mesh, settings)}.storageClass` }]
    : [{ id: "storageClassComes", severity: "ok", cluster, name: storageClass.name }];
};
