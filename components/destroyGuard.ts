import * as pulumi from "@pulumi/pulumi";
import { type ClusterAccess, clusterHook } from "./clusterHook.ts";

export interface DestroyGuardArgs {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  readonly access: ClusterAccess;
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
    const { cluster, access, keepCrds } = args;
    clusterHook(
      `${name}-destroy-guard`,
      { ...access, hook: "destroyGuard", settings: { cluster, keepCrds }, only: "delete" },
      { parent: this, dependsOn: dependsOn ?? [] },
    );
    this.registerOutputs();
  }
}
