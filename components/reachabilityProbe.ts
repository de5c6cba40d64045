import { Command } from "@pulumi/command/local/command.js";
import { Logging } from "@pulumi/command/types/enums/local/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { ProbeClusterOf } from "../preflight/probe/probe.ts";
import { clusterHook, hookCommand } from "./clusterHook.ts";
import type { PullSecret } from "./pullSecrets.ts";

export interface ReachabilityProbeArgs {
  /** All clusters of the mesh, at least two. */
  readonly clusters: readonly ProbeClusterOf<pulumi.Input<string>>[];
  /** Istio's `proxyv2`, which the pods of the probe run. */
  readonly image: string;
  /** Secrets with which nodes log in at its registry. @default none */
  readonly pullSecrets?: readonly PullSecret[];
  /** Longest wait for those pods, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

/**
 * Has a short-lived pod in each cluster try the API servers of all others, and fails where the mesh could not work. Once: a mesh
 * that stands is probed again only when it gets another cluster, or another address of an API server.
 */
export class ReachabilityProbe extends pulumi.ComponentResource {
  /** The clusters reach each other. */
  readonly done: pulumi.Resource;

  constructor(name: string, args: ReachabilityProbeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("csp-mesh:index:ReachabilityProbe", name, {}, opts);
    const { clusters, image, pullSecrets = [], awaitSeconds = 300 } = args;
    const probe = hookCommand("reachability");
    // Registered before it makes anything: what it left where it was killed goes with the stack.
    const leftovers = clusters.map(({ name: cluster, kubeconfig, context }) =>
      clusterHook(
        `${name}-${cluster}-leftovers`,
        { hook: "probeLeftovers", kubeconfig, context, only: "delete" },
        { parent: this },
      ),
    );
    this.done = new Command(
      `${name}-probe`,
      {
        create: probe,
        // Told what was probed before.
        update: probe,
        // Not by environment: with all clusters' kubeconfigs it may be longer than a variable can be (Linux: 128 KiB).
        stdin: pulumi.secret(pulumi.jsonStringify({ clusters, image, pullSecrets, awaitSeconds, gateways: false })),
        logging: Logging.Stderr,
      },
      { parent: this, dependsOn: leftovers },
    );
    this.registerOutputs();
  }
}
