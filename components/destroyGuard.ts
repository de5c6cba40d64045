import * as pulumi from "@pulumi/pulumi";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

export interface DestroyGuardArgs {
  readonly claim: ClusterClaim;
  /** Namespace of the sample. @default no sample */
  readonly sample?: string | undefined;
  /** Istio's CRDs are kept, so no custom resources are deleted with them. */
  readonly keepCrds: boolean;
}

/**
 * Refuses to destroy a mesh if deleting Istio's or the Gateway API's CRDs would delete custom resources of others, or
 * if a cluster does not answer. It must depend on all resources of the mesh in every cluster, because Pulumi first
 * deletes resources on which nothing depends.
 */
export class DestroyGuard extends pulumi.ComponentResource {
  constructor(name: string, args: DestroyGuardArgs, { dependsOn, ...opts }: pulumi.ComponentResourceOptions) {
    // Only the resource with the check needs the list of dependencies. As inputs of the component, it would be in the
    // state twice.
    super("csp-mesh:index:DestroyGuard", name, {}, opts);
    const { claim, keepCrds, sample } = args;
    const namespaces = [SYSTEM_NAMESPACE, ...(sample === undefined ? [] : [sample])];
    const { claim: claimId, ...access } = claim.access;
    new MeshResource(
      "DestroyGuard",
      `${name}-destroy-guard`,
      access,
      { claimId, keepCrds, namespaces },
      {
        parent: this,
        dependsOn: dependsOn ?? [],
      },
    );
    this.registerOutputs();
  }
}
