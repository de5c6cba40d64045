import * as pulumi from "@pulumi/pulumi";
import { othersDefaults } from "../hooks/defaultClass.ts";
import type { WantedClass } from "../hooks/storageClassPlan.ts";
import { askedOf, type ClusterAccess } from "./clusterHook.ts";
import { undoableHook } from "./undoableHook.ts";

/** A StorageClass; the fields are Kubernetes' own. */
export type StorageClassOptions = WantedClass;

export interface DefaultStorageClassArgs extends ClusterAccess {
  readonly storageClass: StorageClassOptions;
}

/**
 * A default StorageClass for a cluster that has none. Somebody else's default is never displaced, neither one that is there
 * nor one that appears later: ours then is none, or is not made at all. A class of its name that somebody else made stays.
 */
export class DefaultStorageClass extends pulumi.ComponentResource {
  readonly done: pulumi.Resource;

  constructor(name: string, args: DefaultStorageClassArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("csp-mesh:index:DefaultStorageClass", name, {}, opts);
    const { kubeconfig, context, storageClass } = args;
    // Part of what the hook is told, so that it runs again once somebody made another class the default.
    const looked = pulumi.all([kubeconfig, context]).apply((access) => askedOf(name, lookedUp(...access)));
    const others = pulumi.unsecret(looked);
    this.done = undoableHook(
      `${name}-storage-class`,
      { hook: "storageClass", kubeconfig, context, settings: { ...storageClass, others } },
      { parent: this },
    );
    this.registerOutputs();
  }
}

/** A preview goes on without the answer of a cluster that cannot be reached. */
async function lookedUp(kubeconfig: string, context: string): Promise<string[]> {
  const found = othersDefaults(kubeconfig, context);
  return pulumi.runtime.isDryRun() ? await found.catch(() => []) : await found;
}
