import * as pulumi from "@pulumi/pulumi";
import type { Access } from "../net/download.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

export interface GatewayApiCrdsArgs {
  readonly claim: ClusterClaim;
  /** A release's manifest by its https:// URL, or the path of a file or of a folder of .yaml files. */
  readonly source: string;
  /** Login and CA for that URL. Secret where it holds a password. @default none */
  readonly access?: pulumi.Input<Access> | undefined;
  /** Of what the source holds, in hexadecimal digits. @default it is not compared */
  readonly sha256?: string | undefined;
  /** Longest wait until they are served, and until they are gone, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

/**
 * The Gateway API's CustomResourceDefinitions, unless the cluster has any of them: those are its provider's, neither changed
 * nor removed. Its own are raised to a newer release, never lowered, and go with it, unless objects of others would go too.
 */
export class GatewayApiCrds extends pulumi.ComponentResource {
  readonly done: pulumi.Resource;

  constructor(name: string, args: GatewayApiCrdsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("csp-mesh:index:GatewayApiCrds", name, {}, opts);
    const { claim, source, access, sha256, awaitSeconds = 300 } = args;
    this.done = new MeshResource(
      "GatewayApiDefinitions",
      `${name}-gateway-api`,
      claim.access,
      { source, awaitSeconds, ...(access && { download: access }), ...(sha256 && { sha256 }) },
      { parent: this, dependsOn: claim.done },
    );
    this.registerOutputs();
  }
}
