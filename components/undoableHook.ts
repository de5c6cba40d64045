import type { local } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { type ClusterHookArgs, clusterHook } from "./clusterHook.ts";

/**
 * A hook whose undoing is registered before it acts: a command that failed, or was killed half way, is not in the state, and
 * what it had done by then would outlive `pulumi destroy`. For hooks that find in the cluster itself what there is to undo.
 *
 * @returns the command that acts
 */
export function undoableHook(name: string, args: ClusterHookArgs, opts: pulumi.CustomResourceOptions): local.Command {
  const undo = clusterHook(`${name}-undo`, { ...args, only: "delete" }, opts);
  return clusterHook(name, { ...args, only: "create" }, { ...opts, dependsOn: undo });
}
