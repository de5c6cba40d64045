import * as pulumi from "@pulumi/pulumi";
import { placeless } from "../kube/kubeconfigPaths.ts";
import * as k8s from "./kubernetes.ts";

export interface ClusterProviderArgs {
  /** The cluster's name in the mesh. */
  readonly name: string;
  /**
   * Path of a kubeconfig (`~/`, or relative to the project), or its text as a secret: a plain text would expose its
   * token in the state.
   */
  readonly kubeconfig: pulumi.Input<string>;
  readonly context: string;
}

/** The Kubernetes provider of one cluster of the mesh, with the cluster's name. */
export function clusterProvider(
  { name, kubeconfig, context }: ClusterProviderArgs,
  opts?: pulumi.ResourceOptions,
): k8s.Provider {
  return new k8s.Provider(
    name,
    {
      // The plugin resolves the path itself, but reads the file as a text and resolves the relative paths in it against
      // the project's folder.
      kubeconfig: pulumi.output(kubeconfig).apply((given) => {
        const read = placeless(given);
        return read === given ? pulumi.output(given) : pulumi.secret(read);
      }),
      context,
      // The mesh name identifies the cluster, so that a new context name or API server address does not replace its
      // resources.
      clusterIdentifier: name,
      // Without this, a change of a Secret's data deletes and recreates it, and istiod loses the peer meanwhile.
      enableSecretMutable: true,
    },
    opts,
  );
}
