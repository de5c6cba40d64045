import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "./clusterHook.ts";
import { undoableHook } from "./undoableHook.ts";

export interface CiliumIstioPatchArgs extends ClusterAccess {
  /** Namespace of Cilium. @default wherever its DaemonSet is, found by its label `k8s-app=cilium` */
  readonly namespace?: string | undefined;
  /** Longest time in which not one more of Cilium's pods restarts, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

/**
 * Has Cilium leave to Istio's sidecars what is theirs: three settings of `cilium-config` and one rolling restart, only where
 * they differ. In a cluster without Cilium nothing happens. On deletion the former values come back, with one more restart.
 *
 * Settings that somebody else changes meanwhile are reported and stay. They are looked at when the component is made, not at
 * every run: `pulumi up --replace` with the URN of the command looks again.
 */
export class CiliumIstioPatch extends pulumi.ComponentResource {
  /** Pods made before it is done may bypass their sidecars. */
  readonly done: pulumi.Resource;

  constructor(name: string, args: CiliumIstioPatchArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("csp-mesh:index:CiliumIstioPatch", name, {}, opts);
    const { kubeconfig, context, namespace, awaitSeconds = 300 } = args;
    const settings = { awaitSeconds, ...(namespace !== undefined && { namespace }) };
    this.done = undoableHook(`${name}-cilium`, { hook: "cilium", kubeconfig, context, settings }, { parent: this });
    this.registerOutputs();
  }
}
