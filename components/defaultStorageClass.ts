import * as pulumi from "@pulumi/pulumi";
import type { WantedClass } from "../mesh/storageClassPlan.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

/** A StorageClass; the fields are Kubernetes' own. */
export type StorageClassOptions = WantedClass;

export interface DefaultStorageClassArgs {
  readonly claim: ClusterClaim;
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
    const { claim, storageClass } = args;
    this.done = new MeshResource(
      "DefaultStorageClass",
      `${name}-storage-class`,
      claim.access,
      { ...storageClass },
      {
        parent: this,
        dependsOn: claim.done,
      },
    );
    this.registerOutputs();
  }
}
