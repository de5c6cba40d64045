import * as pulumi from "@pulumi/pulumi";
import { stackOwner } from "../config/stackOwner.ts";
import type { ContainerResources } from "../mesh/gatewayOptions.ts";
import type { ProbeClusterOf } from "../probe/probe.ts";
import { MeshResource } from "./meshResource.ts";
import type { PullSecret } from "./pullSecrets.ts";

export interface ReachabilityProbeArgs {
  /** All clusters of the mesh, at least two. */
  readonly clusters: readonly ProbeClusterOf<pulumi.Input<string>>[];
  /** Istio's image `proxyv2`, which the probe's pods use. */
  readonly image: string;
  /** Pull secrets for its registry. @default none */
  readonly pullSecrets?: readonly PullSecret[];
  /** Requests and limits of those pods. @default requests 10m and 64Mi, limit 256Mi */
  readonly resources?: ContainerResources | undefined;
  /** Longest wait for those pods, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

/**
 * Runs a short-lived pod in each cluster, which tests the API servers of all others, and fails if the mesh could not
 * work. An existing mesh is probed again only if it gets another cluster, or another address of an API server.
 */
export class ReachabilityProbe extends pulumi.ComponentResource {
  /** Done when all clusters reach each other. */
  readonly done: pulumi.Resource;

  constructor(name: string, args: ReachabilityProbeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("csp-mesh:index:ReachabilityProbe", name, {}, opts);
    const { clusters, image, pullSecrets = [], resources, awaitSeconds = 300 } = args;
    const owner = stackOwner();
    const leftovers = clusters.map(({ name: cluster, kubeconfig, context }) => {
      const access = { cluster, kubeconfig, context };
      return new MeshResource("ProbeLeftovers", `${name}-${cluster}-leftovers`, access, { owner }, { parent: this });
    });
    this.done = new MeshResource(
      "Reachability",
      `${name}-probe`,
      undefined,
      {
        owner,
        clusters: clusters.map(defined),
        image,
        pullSecrets: pullSecrets.map(defined),
        awaitSeconds,
        ...(resources && { resources }),
      },
      { parent: this, dependsOn: leftovers },
    );
    this.registerOutputs();
  }
}

/** Removes undefined fields, which would become null inputs. */
const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
