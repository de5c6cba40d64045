import * as pulumi from "@pulumi/pulumi";
import { anywhere, type Placement, withPlacement } from "../mesh/podParts.ts";
import type { Access } from "../net/download.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

export interface MetricsServerArgs {
  readonly claim: ClusterClaim;
  /** A release's manifest by its https:// URL, or the path of a file or of a folder of .yaml files. */
  readonly source: string;
  /** Login and CA for that URL. Secret where it holds a password. @default none */
  readonly access?: pulumi.Input<Access> | undefined;
  /** Of what the source holds, in hexadecimal digits. @default it is not compared */
  readonly sha256?: string | undefined;
  /** Takes kubelets' certificates unchecked, for kubelets that sign their own. @default false */
  readonly kubeletInsecureTls?: boolean;
  /** Registry of its image. @default the manifest's */
  readonly registry?: string | undefined;
  /** On which nodes its pods may run, beside what the manifest says. @default any */
  readonly pods?: Placement;
  /** Longest wait until metrics are served, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

/** metrics-server, without which no autoscaler works, unless the cluster has a metrics API: that one is never touched. */
export class MetricsServer extends pulumi.ComponentResource {
  /** Metrics are served. */
  readonly done: pulumi.Resource;

  constructor(name: string, args: MetricsServerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("csp-mesh:index:MetricsServer", name, {}, opts);
    const { claim, source, access, sha256, kubeletInsecureTls = false, registry } = args;
    const { pods = anywhere, awaitSeconds = 300 } = args;
    const options = { kubeletInsecureTls, ...(registry !== undefined && { registry }), ...withPlacement(pods) };
    this.done = new MeshResource(
      "MetricsServer",
      `${name}-metrics-server`,
      claim.access,
      { source, awaitSeconds, ...options, ...(access && { download: access }), ...(sha256 && { sha256 }) },
      { parent: this, dependsOn: claim.done },
    );
    this.registerOutputs();
  }
}
