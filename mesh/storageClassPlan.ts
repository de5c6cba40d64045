// Plans the changes to a cluster's default StorageClass.
import { isDeepStrictEqual } from "node:util";
import type { V1StorageClass } from "@kubernetes/client-node";
import { IS_DEFAULT, isDefault } from "./defaultClass.ts";
import type { Named } from "./named.ts";
import { isOurs, MANAGED_BY, PROGRAM } from "./ownership.ts";

/** The StorageClass in the config; the fields have the names of the Kubernetes API. */
export interface WantedClass {
  readonly name: string;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly reclaimPolicy: string;
  readonly volumeBindingMode: string;
  readonly allowVolumeExpansion: boolean;
}

export type Step =
  | { readonly kind: "create"; readonly body: V1StorageClass & Named }
  | {
      readonly kind: "change";
      readonly live: V1StorageClass;
      readonly isDefault: boolean;
      readonly allowVolumeExpansion: boolean;
    }
  | { readonly kind: "remove"; readonly live: V1StorageClass };

export interface StorageClassPlan {
  readonly steps: readonly Step[];
  /** Explains, for people, why something was not done; undefined otherwise. */
  readonly notice: string | undefined;
}

/**
 * A default class of others takes precedence: then ours is not created, or loses its default annotation. Ours is
 * recreated if an immutable field differs; existing volumes keep their settings.
 *
 * @param live all StorageClasses of the cluster
 */
export function planStorageClass(wanted: WantedClass, live: readonly V1StorageClass[]): StorageClassPlan {
  const { name } = wanted;
  const others = live.filter((found) => isDefault(found) && !isOurs(found)).map(nameOf);
  const named = live.find((found) => nameOf(found) === name);
  const ours = live.filter(isOurs);
  const kept = ours.find((found) => nameOf(found) === name && isSame(wanted, found));
  const remove = ours.filter((found) => found !== kept).map((found): Step => ({ kind: "remove", live: found }));

  if (named !== undefined && !isOurs(named)) {
    const noDefault = others.length > 0 ? "" : "; the cluster has no default: set storageClass.name to another name";
    return { steps: remove, notice: `StorageClass ${name} is not this program's, and stays unchanged${noDefault}` };
  }
  const existingDefault = `the cluster has a default StorageClass, ${others.join(", ")}`;
  if (kept === undefined) {
    if (others.length > 0) return { steps: remove, notice: `${existingDefault}: ${name} is not created` };
    // Delete the former class first, because it has the same name.
    const create: Step = { kind: "create", body: manifestOf(wanted) };
    return { steps: remove.length > 0 ? remove : [create], notice: undefined };
  }
  const shouldBeDefault = others.length === 0;
  const change = changeOf(kept, shouldBeDefault, wanted.allowVolumeExpansion);
  return {
    steps: [...remove, ...(change ? [change] : [])],
    notice: shouldBeDefault ? undefined : `${existingDefault}: ${name} is none`,
  };
}

const nameOf = ({ metadata }: V1StorageClass) => metadata?.name ?? "";

/** Compares the immutable fields. */
function isSame(wanted: WantedClass, live: V1StorageClass): boolean {
  const fixed = ({ provisioner, parameters, reclaimPolicy, volumeBindingMode }: WantedClass | V1StorageClass) => [
    provisioner,
    parameters ?? {},
    reclaimPolicy,
    volumeBindingMode,
  ];
  return isDeepStrictEqual(fixed(wanted), fixed(live));
}

function manifestOf({ name, ...fields }: WantedClass): V1StorageClass & Named {
  const metadata = { name, labels: { [MANAGED_BY]: PROGRAM }, annotations: { [IS_DEFAULT]: "true" } };
  return { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata, ...fields };
}

function changeOf(live: V1StorageClass, shouldBeDefault: boolean, allowVolumeExpansion: boolean): Step | undefined {
  if (isDefault(live) === shouldBeDefault && (live.allowVolumeExpansion ?? false) === allowVolumeExpansion) return;
  return { kind: "change", live, isDefault: shouldBeDefault, allowVolumeExpansion };
}
