import * as pulumi from "@pulumi/pulumi";
import { type KindName, MODULE } from "../provider/kindNames.ts";

/**
 * Access to a cluster for the program's own provider. A component's Kubernetes provider does not reveal its kubeconfig.
 */
export interface ClusterAccess {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  /** Path of a kubeconfig as written in the config, or its text as a secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly context: pulumi.Input<string>;
  /**
   * Id of the claim on the cluster. If the cluster has another claim, the resource changes nothing in it.
   * @default not claimed yet
   */
  readonly claim?: pulumi.Input<string> | undefined;
}

/**
 * A resource of this program's own provider (`provider/kinds/`), for what Kubernetes resources cannot express.
 *
 * @template Outputs the provider's outputs
 */
export class MeshResource<Outputs extends object = object> extends pulumi.CustomResource {
  /** The provider's outputs, by name. */
  readonly found: { readonly [Name in keyof Outputs]: pulumi.Output<Outputs[Name]> };

  /** @param outputs names of the provider's outputs, beside the inputs */
  constructor(
    kind: KindName,
    name: string,
    access: ClusterAccess | undefined,
    inputs: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions,
    outputs: readonly (keyof Outputs & string)[] = [],
  ) {
    const where = access && {
      cluster: access.cluster,
      access: { kubeconfig: access.kubeconfig, context: access.context },
      ...(access.claim !== undefined && { claim: access.claim }),
    };
    const unknown = Object.fromEntries(outputs.map((output) => [output, undefined]));
    super(`${MODULE}${kind}`, name, { ...where, ...unknown, ...inputs }, opts);
    const properties = this as unknown as Record<string, pulumi.Output<never>>;
    this.found = Object.fromEntries(outputs.map((output) => [output, properties[output]])) as never;
  }
}
