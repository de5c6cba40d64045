import * as pulumi from "@pulumi/pulumi";
import { dockerConfig, type RegistryLogin } from "../mesh/dockerConfig.ts";
import * as k8s from "./kubernetes.ts";
import { ours } from "./ours.ts";

/** A pull secret in a namespace. */
export interface PullSecret {
  readonly name: string;
  /** Its content. @default the Secret already exists */
  readonly login?: RegistryLogin<pulumi.Input<string>>;
}

/**
 * Creates the pull secrets that have a login.
 *
 * @param name prefix of the resource names
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
          // Neither name can contain `_`, but both can contain `-pull-`.
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
