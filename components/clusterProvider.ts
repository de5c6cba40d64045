import * as pulumi from "@pulumi/pulumi";
import { placeless } from "../kube/kubeconfigPaths.ts";
import * as k8s from "./kubernetes.ts";

export interface ClusterProviderArgs {
  /** The cluster's name in the mesh. */
  readonly name: string;
  /** Path of a kubeconfig (`~/`, or relative to the project), or its text as a secret: a plain text would be in the state, with its token. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly context: string;
}

/** The provider of one cluster of the mesh, named after it. */
export function clusterProvider(
  { name, kubeconfig, context }: ClusterProviderArgs,
  opts?: pulumi.ResourceOptions,
): k8s.Provider {
  return new k8s.Provider(
    name,
    {
      // The plugin resolves the path itself, but reads the file as a text, whose relative paths then start at the project.
      kubeconfig: pulumi.output(kubeconfig).apply((given) => {
        const read = placeless(given);
        return read === given ? pulumi.output(given) : pulumi.secret(read);
      }),
      context,
      // The mesh name is the cluster's identity: a renamed context or a moved API server must not replace all that is in it.
      clusterIdentifier: name,
      // Otherwise a Secret whose data change is deleted and made anew, and istiod loses the peer in between.
      enableSecretMutable: true,
    },
    opts,
  );
}
