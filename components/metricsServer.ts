import * as pulumi from "@pulumi/pulumi";
import { anywhere, type Placement, withPlacement } from "../mesh/podParts.ts";
import type { Access } from "../net/download.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

export interface MetricsServerArgs {
  readonly claim: ClusterClaim;
  /** Manifest of a release: an https:// URL, or the path of a file or of a folder with .yaml files. */
  readonly source: string;
  /** Login and CA for that URL. Secret if it contains a password. @default none */
  readonly access?: pulumi.Input<Access> | undefined;
  /** SHA-256 digest of the source, in hexadecimal digits. @default not checked */
  readonly sha256?: string | undefined;
  /** Accept kubelets' certificates without verification, for kubelets with self-signed ones. @default false */
  readonly kubeletInsecureTls?: boolean;
  /** Registry of its image. @default the manifest's */
  readonly registry?: string | undefined;
  /** Node selector and tolerations, in addition to the manifest's. @default any node */
  readonly pods?: Placement;
  /** Longest wait for the metrics API, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

/** Installs metrics-server, which autoscalers need. If the cluster already has a metrics API, nothing is changed. */
export class MetricsServer extends pulumi.ComponentResource {
  /** Done when the metrics API is served. */
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
