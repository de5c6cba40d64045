import * as pulumi from "@pulumi/pulumi";
import type { Access } from "../net/download.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import { MeshResource } from "./meshResource.ts";

export interface GatewayApiCrdsArgs {
  readonly claim: ClusterClaim;
  /** Manifest of a release: an https:// URL, or the path of a file or of a folder with .yaml files. */
  readonly source: string;
  /** Login and CA for that URL. Secret if it contains a password. @default none */
  readonly access?: pulumi.Input<Access> | undefined;
  /** SHA-256 digest of the source, in hexadecimal digits. @default not checked */
  readonly sha256?: string | undefined;
  /** Longest wait for the API server to serve or to delete them, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

/**
 * Installs the Gateway API's CRDs, unless the cluster has any of them: those belong to its provider and are not
 * changed. Own CRDs are upgraded but never downgraded, and are deleted with the component, unless this would delete
 * objects of others.
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
