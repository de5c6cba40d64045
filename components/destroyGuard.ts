import * as pulumi from "@pulumi/pulumi";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

export interface DestroyGuardArgs {
  readonly claim: ClusterClaim;
  /** Namespace of the sample. @default there is none */
  readonly sample?: string | undefined;
  /** Istio's CRDs stay, so nobody's resources go with those. */
  readonly keepCrds: boolean;
}

/**
 * Refuses the end of a mesh where custom resources that are not the program's would go with Istio's CRDs or with the Gateway
 * API's, or where a cluster does not answer. It must depend on all of the mesh, in every cluster: what nothing depends on goes first.
 */
export class DestroyGuard extends pulumi.ComponentResource {
  constructor(name: string, args: DestroyGuardArgs, { dependsOn, ...opts }: pulumi.ComponentResourceOptions) {
    // Only what acts needs the list of all that; here it would be in the state a second time.
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
