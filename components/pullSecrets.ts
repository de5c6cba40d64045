import * as pulumi from "@pulumi/pulumi";
import { dockerConfig, type RegistryLogin } from "../mesh/dockerConfig.ts";
import * as k8s from "./kubernetes.ts";
import { ours } from "./ours.ts";

/** A Secret of a namespace with which its nodes log in at a registry. */
export interface PullSecret {
  readonly name: string;
  /** What it says. @default it is there already, made by somebody else */
  readonly login?: RegistryLogin<pulumi.Input<string>>;
}

/**
 * Makes those that are not there already.
 *
 * @param name of the resources, before the Secrets' own
 */
export function makePullSecrets(
  name: string,
  namespace: pulumi.Input<string>,
  secrets: readonly PullSecret[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return secrets.flatMap(({ name: secret, login }) =>
    login === undefined
      ? []
      : new k8s.Secret(
          // Neither name contains `_`, and either may contain `-pull-`.
          `${name}-pull_${secret}`,
          {
            type: "kubernetes.io/dockerconfigjson",
            metadata: ours({ name: secret, namespace }),
            stringData: { ".dockerconfigjson": pulumi.secret(pulumi.output(login).apply(dockerConfig)) },
          },
          opts,
        ),
  );
}
