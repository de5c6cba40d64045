import * as pulumi from "@pulumi/pulumi";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

export interface CiliumIstioPatchArgs {
  readonly claim: ClusterClaim;
  /** Namespace of Cilium. @default wherever its DaemonSet is, found by its label `k8s-app=cilium` */
  readonly namespace?: string | undefined;
  /** Keys of `cilium-config` that stay as they are. @default none */
  readonly leave?: readonly string[];
  /** Longest time in which not one more of Cilium's pods restarts, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

/**
 * Has Cilium leave to Istio's sidecars what is theirs: settings of `cilium-config` and one rolling restart, only where they differ.
 * In a cluster without Cilium nothing happens. On deletion the former values come back, with one more restart.
 */
export class CiliumIstioPatch extends pulumi.ComponentResource {
  /** Pods made before it is done may bypass their sidecars. */
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
