import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { remoteSecretName } from "../mesh/remoteSecretName.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import * as k8s from "./kubernetes.ts";
import { MeshResource } from "./meshResource.ts";
import { ours } from "./ours.ts";
import type { RemoteAccess } from "./readerToken.ts";
import { CLUSTER_ANNOTATION, MULTI_CLUSTER_LABEL, remoteKubeconfig } from "./remoteSecret.ts";

export interface CrossNetworkLinkArgs {
  /** The cluster whose services become visible. */
  readonly source: RemoteAccess;
  /** The cluster whose istiod watches the source: that of the component's provider. */
  readonly target: ClusterClaim;
}

/**
 * Makes one cluster's services visible in another: creates a remote secret with the source's credentials in the target.
 * The target is the cluster of the component's provider. A link has one direction only.
 */
export class CrossNetworkLink extends pulumi.ComponentResource {
  /** Name of the remote secret. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: CrossNetworkLinkArgs, opts: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:CrossNetworkLink", name, {}, opts);
    const { clusterName } = args.source;
    const { namespace } = args.target;

    // Deleted after the remote secret. Its deletion waits until istiod has forgotten the source.
    const forgotten = new MeshResource(
      "RemoteSecretForgotten",
      `${name}-forgotten`,
      args.target.access,
      { source: clusterName, namespace },
      { parent: this, dependsOn: args.target.done },
    );
    const secret = new k8s.Secret(
      `${name}-secret`,
      {
        metadata: ours({
          name: remoteSecretName(clusterName),
          namespace,
          labels: MULTI_CLUSTER_LABEL,
          // patchForce takes over the field from the field manager of a former state, which has another name.
          annotations: { [CLUSTER_ANNOTATION]: clusterName, "pulumi.com/patchForce": "true" },
        }),
        stringData: { [clusterName]: pulumi.output(args.source).apply(remoteKubeconfig) },
      },
      { parent: this, dependsOn: forgotten },
    );
    this.secretName = secret.metadata.name;

    new MeshResource(
      "RemoteSecretInUse",
      `${name}-in-use`,
      args.target.access,
      { source: clusterName, namespace, secret: fingerprint(args.source, secret.metadata.uid) },
      { parent: this, dependsOn: secret },
    );

    this.registerOutputs({ secretName: this.secretName });
  }
}

/** Changes with the remote secret and its content. It is a hash, so it reveals nothing of the token. */
function fingerprint(
  { server, tlsServerName, proxyUrl, caData, token }: RemoteAccess,
  uid: pulumi.Output<string>,
): pulumi.Output<string> {
  return pulumi
    .jsonStringify([uid, server, tlsServerName, caData, token, ...(proxyUrl === undefined ? [] : [proxyUrl])])
    .apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 16));
}
