import * as pulumi from "@pulumi/pulumi";
import * as k8s from "./kubernetes.ts";
import type { RemoteAccess } from "./readerToken.ts";
import { CLUSTER_ANNOTATION, MULTI_CLUSTER_LABEL, remoteKubeconfig, remoteSecretName } from "./remoteSecret.ts";

export interface CrossNetworkLinkArgs {
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

    this.registerOutputs({ secretName: this.secretName });
  }
}
