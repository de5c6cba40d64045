import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterAccess, clusterHook } from "./clusterHook.ts";
import * as k8s from "./kubernetes.ts";
import type { RemoteAccess } from "./readerToken.ts";
import { CLUSTER_ANNOTATION, MULTI_CLUSTER_LABEL, remoteKubeconfig, remoteSecretName } from "./remoteSecret.ts";

/** With how to reach, from here, the cluster of the component's provider. */
export interface CrossNetworkLinkArgs extends ClusterAccess {
  /** The cluster to be seen. */
  readonly source: RemoteAccess;
  /** Namespace of the istiod that shall see it, in the cluster of the component's provider. */
  readonly namespace: pulumi.Input<string>;
}

/**
 * Shows one cluster's services to another: the source's credentials, as a remote secret in the target.
 * The target is the cluster of the component's provider. A link in one direction says nothing of the other.
 */
export class CrossNetworkLink extends pulumi.ComponentResource {
  /** Name of the remote secret. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: CrossNetworkLinkArgs, opts: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:CrossNetworkLink", name, {}, opts);
    const { clusterName } = args.source;

    const secret = new k8s.Secret(
      `${name}-secret`,
      {
        metadata: {
          name: remoteSecretName(clusterName),
          namespace: args.namespace,
          labels: MULTI_CLUSTER_LABEL,
          annotations: { [CLUSTER_ANNOTATION]: clusterName },
        },
        stringData: { [clusterName]: pulumi.output(args.source).apply(remoteKubeconfig) },
      },
      { parent: this },
    );
    this.secretName = secret.metadata.name;

    // Not on creation: there is then no former secret that istiod could hold on to.
    clusterHook(
      `${name}-in-use`,
      {
        hook: "remoteSecretInUse",
        only: "change",
        kubeconfig: args.kubeconfig,
        context: args.context,
        settings: { source: clusterName, namespace: args.namespace, secret: fingerprint(args.source) },
      },
      { parent: this, dependsOn: secret },
    );

    this.registerOutputs({ secretName: this.secretName });
  }
}

/** Changes with whatever a remote secret holds, and tells nothing of it. */
function fingerprint({ server, tlsServerName, proxyUrl, caData, tokenId }: RemoteAccess): pulumi.Output<string> {
  return pulumi
    .jsonStringify([server, tlsServerName, caData, tokenId, ...(proxyUrl === undefined ? [] : [proxyUrl])])
    .apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 16));
}
