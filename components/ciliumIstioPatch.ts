import * as pulumi from "@pulumi/pulumi";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

export interface CiliumIstioPatchArgs {
  readonly claim: ClusterClaim;
  /** Namespace of Cilium. @default the namespace of its DaemonSet, found by the label `k8s-app=cilium` */
  readonly namespace?: string | undefined;
  /** Keys of `cilium-config` that are not changed. @default none */
  readonly leave?: readonly string[];
  /** Longest wait for the next of Cilium's pods to restart, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

/**
 * Configures Cilium for Istio's sidecars: sets keys of `cilium-config` and restarts Cilium once, only if values differ.
 * Does nothing in a cluster without Cilium. Deletion restores the former values, with one more restart.
 */
export class CiliumIstioPatch extends pulumi.ComponentResource {
  /** Pods that are created before this is done may bypass their sidecars. */
  readonly done: pulumi.Resource;

  constructor(name: string, args: CiliumIstioPatchArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("csp-mesh:index:CiliumIstioPatch", name, {}, opts);
    const { claim, namespace, leave = [], awaitSeconds = 300 } = args;
    this.done = new MeshResource(
      "CiliumSettings",
      `${name}-cilium`,
      claim.access,
      { awaitSeconds, leave: [...leave], ...(namespace !== undefined && { namespace }) },
      { parent: this, dependsOn: claim.done },
    );
    this.registerOutputs();
  }
}
