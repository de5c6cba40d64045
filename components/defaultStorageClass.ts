import * as pulumi from "@pulumi/pulumi";
import type { WantedClass } from "../mesh/storageClassPlan.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

/** A StorageClass; the fields have the names of the Kubernetes API. */
export type StorageClassOptions = WantedClass;

export interface DefaultStorageClassArgs {
  readonly claim: ClusterClaim;
  readonly storageClass: StorageClassOptions;
}

/**
 * A default StorageClass for a cluster that has none. Another default is never replaced, whether it exists or appears
 * later: then ours is not the default, or is not created. An existing class of others with the same name stays.
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
